using Harness.Spiking.Kernels;
using Harness.Spiking.Layers;
using Harness.Torch;
using Harness.Torch.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

public sealed unsafe class SpikeConvolutionTests
{
    public SpikeConvolutionTests() => TorchSession.Begin(4, 1);

    [Theory]
    [InlineData(8, 16, 28, 28, 0.15)]
    [InlineData(3, 8, 7, 9, 0.4)]
    [InlineData(5, 20, 3, 70, 0.2)]
    [InlineData(17, 33, 64, 62, 0.1)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(4, 24, 5, 1, 0)]
    public void Outputs_and_gradients_are_those_of_float64(int inputs, int outputs, int rows, int columns, double density)
    {
        using var scope = NewDisposeScope();
        AssertResults(Spikes([9, inputs, rows, columns], density), outputs);
    }

    [Fact]
    public void Counts_and_real_values_are_multiplied()
    {
        using var scope = NewDisposeScope();
        var spikes = Spikes([9, 6, 11, 13], 0.3);
        AssertResults(spikes * randint(1, 5, spikes.shape, dtype: float64), 12);
        AssertResults(randn(spikes.shape, dtype: float64), 12);
    }

    static Tensor Spikes(long[] shape, double density) => (rand(shape) < density).to(float64);

    static void AssertResults(Tensor input, int outputs)
    {
        var weight = randn([outputs, input.shape[1], 3, 3], float64);
        foreach (var difference in ConvolutionReference.Differences(input, weight,
            (x, w) => nn.functional.conv2d(x, w, padding: [1, 1]), SpikeConvolution.Of))
            Assert.InRange(difference, 0, 1e-5);
        var (x, w) = (input.to(float32), weight.to(float32).requires_grad_(true));
        var trained = SpikeConvolution.Of(x, w);
        using var mode = no_grad();
        Assert.True(SpikeConvolution.Of(x, w).equal(trained).all().item<bool>());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(24)]
    public void Every_width_and_number_of_threads_computes_what_one_value_at_a_time_does(int outputs)
    {
        var shape = new MapShape(11, 5, outputs, 6, 13);
        var order = new SampleOrder(2);
        var spikes = new float[11 * 5 * 6 * 13];
        foreach (ref var value in spikes.AsSpan()) value = order.Below(5) == 0 ? 1 : 0;
        var gradient = new float[11 * outputs * 6 * 13];
        foreach (ref var value in gradient.AsSpan()) value = order.Below(40_000) / 10_000f - 2;
        var weights = new float[outputs * 5 * EventConvolution.Taps];
        foreach (ref var value in weights.AsSpan()) value = order.Below(40_000) / 10_000f - 2;
        var expected = Run(0);
        foreach (var width in new[] { 256, 512 })
        {
            var actual = Run(width);
            Assert.Equal(expected.Output, actual.Output);
            Assert.Equal(expected.Gradients, actual.Gradients);
        }
        TorchSession.Begin(4, 2);
        var two = Run(VectorWidth.Widest);
        Assert.Equal(expected.Output, two.Output);
        Assert.Equal(expected.Gradients, two.Gradients);

        (float[] Output, float[] Gradients) Run(int width)
        {
            var lanes = EventConvolution.Lanes(outputs, width);
            var blocks = (outputs + lanes - 1) / lanes;
            var size = blocks * lanes * 5 * EventConvolution.Taps;
            var (flat, bits, blocked, output, parts) = (new ulong[55 * SpikeBits.Words(shape.Pixels)], new ulong[55 * shape.Words],
                new float[size], new float[gradient.Length], new float[EventConvolution.Parts * size]);
            for (var at = 0; at < weights.Length; at++) blocked[Place(at / 45, at % 45)] = weights[at];
            fixed (float* x = spikes, w = blocked, y = output, g = gradient, d = parts)
            fixed (ulong* f = flat, b = bits)
            {
                SpikeBits.Pack(x, f, 55, shape.Pixels);
                EventConvolution.AddBorders(f, b, shape);
                EventConvolution.Forward(b, null, w, y, shape, width);
                EventConvolution.WeightGradients(b, null, g, d, shape, width);
            }
            return (output, [.. Enumerable.Range(0, EventConvolution.Parts * weights.Length)
                .Select(at => parts[at / weights.Length * size + Place(at % weights.Length / 45, at % 45)])]);

            int Place(int channel, int tap) => (channel / lanes * 45 + tap) * lanes + channel % lanes;
        }
    }

    [Fact]
    public void A_sample_does_not_depend_on_those_beside_it()
    {
        using var scope = NewDisposeScope();
        var (alone, weight) = (Spikes([1, 8, 14, 14], 0.2).to(float32), randn(16, 8, 3, 3));
        var beside = cat([alone, randn(3, 8, 14, 14)]);
        Assert.Equal(0, (SpikeConvolution.Of(beside, weight)[0] - SpikeConvolution.Of(alone, weight)[0]).abs().max().item<float>());
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        using var scope = NewDisposeScope();
        var refusal = Assert.Throws<ArgumentException>(() => SpikeConvolution.Of(rand(1, 4, 5, 5), rand(4, 4, 5, 5)));
        Assert.Contains("[outputs, 4, 3, 3], not [4, 4, 5, 5]", refusal.Message, StringComparison.Ordinal);
    }
}
