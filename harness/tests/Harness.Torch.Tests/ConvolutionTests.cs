using Harness.Torch.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Tests;

public sealed class ConvolutionTests
{
    public ConvolutionTests() => TorchSession.Begin(1, 1);

    [Theory]
    [InlineData(6, 12)]
    [InlineData(32, 8)]
    [InlineData(7, 40)]
    [InlineData(12, 24)]
    [InlineData(16, 5)]
    [InlineData(16, 32)]
    [InlineData(24, 24)]
    [InlineData(40, 40)]
    [InlineData(48, 33)]
    [InlineData(80, 80)]
    public void No_memory_that_nobody_wrote_reaches_results(int inputs, int outputs)
    {
        for (var round = 0; round < 20; round++)
        {
            using var scope = NewDisposeScope();
            // Freed memory that later allocations get again.
            foreach (var channels in new[] { inputs, outputs, 16 })
                for (var copy = 0; copy < 3; copy++) full([9L * channels * 12 * 12], float.NaN).Dispose();
            var (input, weight) = (rand(9, inputs, 12, 12).requires_grad_(true), randn(outputs, inputs, 3, 3).requires_grad_(true));
            var output = Convolution.SameSize(input, weight);
            output.sum().backward();
            foreach (var value in new[] { output, input.grad!, weight.grad! }) Assert.True(value.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(5, 7)]
    [InlineData(12, 16)]
    [InlineData(3, 20)]
    [InlineData(16, 32)]
    [InlineData(4, 8)]
    [InlineData(32, 8)]
    [InlineData(64, 24)]
    [InlineData(48, 48)]
    [InlineData(40, 72)]
    public void The_result_and_its_gradients_are_those_of_float64(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn([2, inputs, 5, 6], float64), randn([outputs, inputs, 3, 3], float64));
        foreach (var difference in ConvolutionReference.Differences(input, weight,
            (x, w) => nn.functional.conv2d(x, w, padding: [1, 1]), (x, w) => Convolution.SameSize(x, w)))
            Assert.InRange(difference, 0, 1e-5);
    }

    [Theory]
    [InlineData(2, 12)]
    [InlineData(12, 24)]
    [InlineData(12, 1)]
    [InlineData(16, 16)]
    public void In_space_and_with_a_bias_too(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn([2, inputs, 4, 5, 6], float64), randn([outputs, inputs, 3, 3, 3], float64));
        var bias = randn([outputs], float64);
        foreach (var difference in ConvolutionReference.Differences(input, weight,
            (x, w) => nn.functional.conv3d(x, w, bias, padding: [1, 1, 1]), (x, w) => Convolution.SameSize(x, w, bias.to(float32))))
            Assert.InRange(difference, 0, 1e-5);
    }

    [Theory]
    [InlineData(12, 24, 3, 2, 1, 1)]
    [InlineData(5, 7, 7, 2, 3, 1)]
    [InlineData(12, 20, 1, 2, 0, 1)]
    [InlineData(8, 8, 2, 2, 0, 1)]
    [InlineData(10, 10, 3, 1, 1, 10)]
    [InlineData(24, 24, 7, 1, 3, 24)]
    [InlineData(32, 32, 3, 1, 1, 2)]
    [InlineData(24, 24, 3, 2, 1, 3)]
    [InlineData(40, 40, 3, 2, 1, 1)]
    [InlineData(48, 33, 5, 1, 2, 1)]
    public void With_strides_and_groups_too(int inputs, int outputs, int kernel, int stride, int padding, int groups)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn([2, inputs, 6, 8], float64), randn([outputs, inputs / groups, kernel, kernel], float64));
        var bias = randn([outputs], float64);
        long[] strides = [stride, stride], pads = [padding, padding];
        foreach (var difference in ConvolutionReference.Differences(input, weight,
            (x, w) => nn.functional.conv2d(x, w, bias, strides, pads, groups: groups),
            (x, w) => Convolution.Of(x, w, bias.to(float32), strides, pads, groups)))
            Assert.InRange(difference, 0, 2e-5);
    }

    [Fact]
    public void Other_numbers_of_axes_are_refused()
    {
        using var scope = NewDisposeScope();
        var refusal = Assert.Throws<ArgumentException>(() => Convolution.SameSize(rand(2, 3, 4), rand(5, 3, 3)));
        Assert.Contains("2 or 3 axes of space, not 1", refusal.Message, StringComparison.Ordinal);
    }
}
