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

    /// <summary>Published sizes for 32x32 images of 10 classes; docs/spiking-transformers.md says where others count otherwise.</summary>
    public static TheoryData<string, long> Published => new()
    {
        // Spikformer's 9,324,730 without a bias at q, k and v, and in STEP none at the attention's output either.
        { "spikingformer", 9_324_730 - 4 * 3 * 384 },
        { "spikingformer.coded", 9_324_730 - 4 * 4 * 384 },
        { "cml", 9_324_730 - 4 * 3 * 384 },
        { "cml.spikformer", 9_324_730 },
        { "sdt", 10_233_418 },
        { "sdt.256", 2_566_954 },
        { "qkformer", 6_706_234 },
        { "spikingresformer", 10_793_162 },
        { "sglformer", 8_852_874 },
        // Three attentions without the weights and norms of keys and values.
        { "sglformer.coded", 8_852_874 - 3 * 2 * (384 * 384 + 2 * 384) },
        { "semm", 7_739_242 },
        { "swformer", 7_022_458 },
        { "tim", 2_568_746 },
        { "meta-spikeformer", 31_333_864 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_sizes_have_their_parameters(string name, long parameters)
    {
        IBackboneFamily family = name switch
        {
            "spikingformer" => new Spikingformer(384, 4, 12),
            "spikingformer.coded" => new Spikingformer(384, 4, 12, Variant: ModelVariant.StepAsCoded),
            "cml" => new Cml(384, 4, 12),
            "cml.spikformer" => new Cml(384, 4, 12, Base: CmlBase.Spikformer),
            "sdt" => new SpikeDrivenTransformer(512, 2, 8),
            "sdt.256" => new SpikeDrivenTransformer(256, 2, 8),
            "qkformer" => new Qkformer(384, 4, 8),
            "spikingresformer" => new SpikingResformer(64, 192, 384, 64, GroupSize: 64),
            "sglformer" => new Sglformer(384, 1, 16, Steps: 4),
            "sglformer.coded" => new Sglformer(384, 1, 16, Steps: 4, Variant: ModelVariant.StepAsCoded),
            "semm" => new Semm(384, 4, 4, 96),
            "swformer" => new Swformer(384, 4, 16),
            "tim" => new Tim(256, 2, 16, Steps: 10, Embedding: EmbeddingKind.Event),
            _ => new MetaSpikeformer(96, 6, 2, 8, FirstStride: 2),
        };
        // TIM sees the two polarities of 64x64 events, Meta-SpikeFormer ImageNet.
        var (shape, classes) = name switch
        {
            "tim" => (new InputShape(2, new(64, 64)), 10),
            "meta-spikeformer" => (new InputShape(3, new(224, 224)), 1000),
            _ => (new InputShape(3, new(32, 32)), 10),
        };
        using var network = SpikingImages.Classifier(family, shape, classes, new OperationLedger());
        Assert.Equal(parameters, ModuleSize.Parameters(network));
    }

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
