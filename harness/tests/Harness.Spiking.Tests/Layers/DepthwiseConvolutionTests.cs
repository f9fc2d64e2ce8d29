using Harness.Spiking.Kernels;
using Harness.Spiking.Layers;
using Harness.Torch;
using Harness.Torch.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

public sealed unsafe class DepthwiseConvolutionTests
{
    public DepthwiseConvolutionTests() => TorchSession.Begin(4, 1);

    [Theory]
    [InlineData(16, 28, 28, 7)]
    [InlineData(24, 7, 9, 7)]
    [InlineData(5, 3, 17, 5)]
    [InlineData(8, 6, 2, 3)]
    [InlineData(1, 1, 1, 7)]
    public void Outputs_and_gradients_are_those_of_float64(int channels, int rows, int columns, int kernel)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn([3, channels, rows, columns], float64), randn([channels, 1, kernel, kernel], float64));
        var pad = kernel / 2;
        foreach (var difference in ConvolutionReference.Differences(input, weight,
            (x, w) => nn.functional.conv2d(x, w, padding: [pad, pad], groups: channels), DepthwiseConvolution.Of))
            Assert.InRange(difference, 0, 1e-5);
    }

    [Fact]
    public void Every_width_and_number_of_threads_computes_what_one_value_at_a_time_does()
    {
        var shape = new DepthwiseShape(5, 6, 11, 13, 7);
        var order = new SampleOrder(2);
        var (input, gradient) = (Draw(), Draw());
        var expected = Gradient(0);
        foreach (var width in new[] { 256, 512 })
            foreach (var (value, other) in Gradient(width).Zip(expected)) Assert.Equal(other, value, 4e-5 * 60);
        var one = Gradient(VectorWidth.Widest);
        TorchSession.Begin(4, 2);
        Assert.Equal(one, Gradient(VectorWidth.Widest));

        float[] Draw() => [.. Enumerable.Range(0, 5 * 6 * 11 * 13).Select(_ => order.Below(40_000) / 10_000f - 2)];

        float[] Gradient(int width)
        {
            var result = new float[6 * 7 * 7];
            fixed (float* x = input, g = gradient, w = result) DepthwiseKernel.WeightGradient(x, g, w, shape, width);
            return result;
        }
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        using var scope = NewDisposeScope();
        var refusal = Assert.Throws<ArgumentException>(() => DepthwiseConvolution.Of(rand(1, 4, 5, 5), rand(4, 1, 2, 2)));
        Assert.Contains("[4, 1, k, k] with an odd k, not [4, 1, 2, 2]", refusal.Message, StringComparison.Ordinal);
    }
}
