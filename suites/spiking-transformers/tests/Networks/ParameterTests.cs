using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Tests.Networks;

public sealed class ParameterTests
{
    public ParameterTests() => TorchSession.Begin(1, 1);

    /// <summary>The published CIFAR-10 network without its two unused layer norms per block.</summary>
    [Fact]
    public void Spikformer_of_the_published_size_has_the_published_number_of_parameters() =>
        Assert.Equal(9_324_730, OfSpikformer(new(Width: 384, Depth: 4, Heads: 12), channels: 3, classes: 10));

    /// <summary>Sizes of the same formula as published for the other networks: 4-256 has 4.155 M, 2-384 5.765 M, 2-256 2.568 M.</summary>
    [Theory]
    [InlineData(256, 4, 8, 4.155e6)]
    [InlineData(384, 2, 12, 5.765e6)]
    [InlineData(256, 2, 8, 2.568e6)]
    public void Spikformer_of_other_published_sizes_has_their_parameters(int width, int depth, int heads, double published) =>
        Assert.InRange(OfSpikformer(new(Width: width, Depth: depth, Heads: heads), channels: 3, classes: 10) - published, -500, 500);

    [Theory]
    [InlineData(16, 1, 2, 1)]
    [InlineData(64, 2, 4, 4)]
    [InlineData(40, 3, 5, 2)]
    public void Spikformer_has_the_parameters_of_its_formula(int width, int depth, int heads, int ratio)
    {
        var (d, r) = (width, ratio);
        var tokens = Convolutions(d);
        var block = 4 * (d * d + d) + 2 * 4 * d + 2 * r * d * d + r * d + d + 2 * (r * d + d);
        Assert.Equal(tokens + depth * block + 10 * (d + 1), OfSpikformer(new(Width: d, Depth: depth, Heads: heads, MlpRatio: r), 1, 10));
    }

    [Theory]
    [InlineData(16, 1, 2, 1)]
    [InlineData(64, 2, 4, 4)]
    [InlineData(40, 3, 5, 2)]
    public void The_vision_transformer_has_the_parameters_of_its_formula(int width, int depth, int heads, int ratio)
    {
        var (d, r) = (width, ratio);
        using var network = new VisionTransformer(new(1, 10, d, depth, heads, r), new OperationLedger());
        // Two layer norms a block and one at the end, instead of batch norms.
        var block = 4 * (d * d + d) + 2 * r * d * d + r * d + d + 2 * 2 * d;
        Assert.Equal(Convolutions(d) + depth * block + 2 * d + 10 * (d + 1), ModuleSize.Parameters(network));
    }

    [Fact]
    public void Footprints_state_parameters_and_the_buffers_of_batch_norms()
    {
        var hidden = Specimens.LifMlp.Hidden;
        var pixels = Specimens.Side * Specimens.Side;
        var perceptron = Footprint(Specimens.LifMlp);
        var parameters = pixels * hidden + hidden + 2 * hidden + hidden * hidden + hidden + 2 * hidden + Specimens.Classes * (hidden + 1);
        // Of each batch norm: mean and variance, and a 64-bit counter.
        Assert.Equal(new Footprint(parameters, 4 * parameters + 2 * (2 * 4 * hidden + 8), 32), perceptron);
        var weights = Specimens.Classes * (pixels + 1);
        Assert.Equal(new Footprint(weights, 4 * weights, 32), Footprint(Specimens.LogisticRegression));
    }

    [Theory]
    [InlineData(12, 2)]
    [InlineData(64, 3)]
    public void A_width_that_cannot_be_divided_is_refused(int width, int heads)
    {
        foreach (var make in new Action[] { () => _ = new Spikformer(width, Heads: heads), () => _ = new AnnVitTiny(width, Heads: heads) })
        {
            var error = Assert.Throws<ArgumentException>(make);
            Assert.Contains($"width {width} must be a multiple of 8 and of heads ({heads})", error.Message, StringComparison.Ordinal);
        }
    }

    // Kernels of one input channel, and the batch norm of each.
    static int Convolutions(int d) =>
        9 * (d / 8 + d / 8 * (d / 4) + d / 4 * (d / 2) + d / 2 * d + d * d) + 2 * (d / 8 + d / 4 + d / 2 + d + d);

    static long OfSpikformer(Spikformer family, int channels, int classes)
    {
        using var network = SpikingImages.Classifier(family, new(channels, new(32, 32)), classes, new OperationLedger());
        return ModuleSize.Parameters(network);
    }

    static Footprint Footprint(IModelFamily<LabeledImage, ClassPrediction> family)
    {
        using var model = family.Prepare(Specimens.Images, Specimens.Context());
        return model.Footprint;
    }
}
