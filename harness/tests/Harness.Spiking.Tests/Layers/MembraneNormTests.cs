using Harness.Spiking.Kernels;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

/// <summary>The norm of membranes against libtorch's in float64.</summary>
public sealed unsafe class MembraneNormTests
{
    public MembraneNormTests() => TorchSession.Begin(5, 1);

    public static TheoryData<long[]> Shapes() => new(new long[] { 300, 17 }, new long[] { 5, 3, 7, 9 }, new long[] { 140, 20, 11, 11 });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Values_gradients_and_running_statistics_are_those_of_libtorch(long[] shape)
    {
        using var scope = NewDisposeScope();
        var values = randn(shape) * 3 + 2;
        var upstream = randn(shape);
        var (actual, expected) = (Norm(shape), Norm(shape).to(float64));
        var (x, y) = (values.clone().requires_grad_(true), values.to(float64).requires_grad_(true));
        // An input that an operation made, as in a network: the memory of a leaf is not taken over.
        var normed = MembraneNorm.Of(x * 1, actual);
        var reference = expected.forward(y);
        (normed * upstream).sum().backward();
        (reference * upstream.to(float64)).sum().backward();
        Near(reference, normed, 3e-5);
        Near(y.grad!, x.grad!, 3e-5);
        Near(expected.weight.grad!, actual.weight.grad!, 1e-5 * values.numel());
        Near(expected.bias!.grad!, actual.bias!.grad!, 1e-5 * values.numel());
        Near(expected.running_mean!, actual.running_mean!, 1e-5);
        Near(expected.running_var!, actual.running_var!, 1e-4);
        actual.eval();
        expected.eval();
        using var mode = no_grad();
        Near(expected.forward(y), MembraneNorm.Of(values, actual), 3e-5);
    }

    [Fact]
    public void Evaluated_statistics_are_no_part_of_the_gradient()
    {
        using var scope = NewDisposeScope();
        var (actual, expected) = (Norm([4, 6]), Norm([4, 6]).to(float64));
        actual.eval();
        expected.eval();
        var values = randn(50, 6);
        var (x, y) = (values.clone().requires_grad_(true), values.to(float64).requires_grad_(true));
        MembraneNorm.Of(x * 1, actual).pow(2).sum().backward();
        expected.forward(y).pow(2).sum().backward();
        Near(y.grad!, x.grad!, 1e-4);
        Near(expected.weight.grad!, actual.weight.grad!, 1e-3);
    }

    [Theory]
    [InlineData(1, 21)]
    [InlineData(49, 980)]
    [InlineData(5, 2200)]
    public void Every_width_and_number_of_threads_gives_the_same_bits(int run, int features)
    {
        var shape = new NormLifShape(1, 150, features, run, Constant: false);
        var expected = Run(shape, 0);
        foreach (var width in new[] { 256, 512 }) Assert.Equal(expected, Run(shape, width));
        TorchSession.Begin(5, 2);
        Assert.Equal(expected, Run(shape, VectorWidth.Widest));
    }

    /// <summary>What is normed, then the sums.</summary>
    static double[] Run(NormLifShape shape, int width)
    {
        var order = new SampleOrder(8);
        float[] Draw(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => order.Below(40_000) / 10_000f - 1)];
        var (values, upstream, normed) = (Draw(shape.Step), Draw(shape.Step), new float[shape.Step]);
        var channels = NormLifChannels.Of(shape.Channels) with
        {
            Scale = Draw(shape.Channels), Shift = Draw(shape.Channels), Mean = Draw(shape.Channels),
        };
        fixed (float* y = values, dX = upstream, x = normed)
        {
            NormKernel.Forward(y, channels, x, shape, width);
            var (sum, product) = NormKernel.Sums(y, dX, channels, shape, width);
            return [.. normed.Select(value => (double)value), .. sum, .. product];
        }
    }

    static NormBase Norm(long[] shape)
    {
        NormBase norm = shape.Length > 2 ? nn.BatchNorm2d(shape[1]) : nn.BatchNorm1d(shape[1]);
        using var mode = no_grad();
        norm.weight.copy_(linspace(-1, 2, shape[1]));
        norm.bias!.copy_(linspace(1, -1, shape[1]));
        return norm;
    }

    static void Near(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((actual.to(float64) - expected).abs().max().item<double>(), 0, tolerance);
}
