using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Tests.Kernels;

public sealed unsafe class NormLifKernelTests
{
    public NormLifKernelTests() => TorchSession.Begin(1, 1);

    public static TheoryData<bool, int, int> Layouts() => new()
    { { false, 1, 21 }, { true, 1, 21 }, { false, 49, 980 }, { true, 5, 2200 } };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_width_and_number_of_threads_gives_the_same_bits(bool constant, int run, int features)
    {
        var shape = new NormLifShape(3, 150, features, run, constant);
        var expected = Run(shape, 0);
        foreach (var width in new[] { 256, 512 }) Equal(expected, Run(shape, width));
        TorchSession.Begin(1, 2);
        Equal(expected, Run(shape, VectorWidth.Widest));
    }

    [Fact]
    public void Moments_keep_their_digits_far_from_zero()
    {
        var shape = new NormLifShape(2, 300, 1, 1, Constant: false);
        var order = new SampleOrder(3);
        var values = Enumerable.Range(0, 600).Select(_ => 1000 + order.Below(1000) / 1000f).ToArray();
        fixed (float* y = values)
        {
            var (mean, variance) = NormLifKernel.Moments(y, shape, VectorWidth.Widest);
            var exact = values.Average(value => (double)value);
            Assert.Equal(exact, mean[0], 1e-5);
            Assert.Equal(values.Average(value => (value - exact) * (value - exact)), variance[0], 1e-6);
        }
    }

    sealed record Result(double[] Mean, double[] Variance, float[] Spikes, double[] Sum, double[] Product, float[] Gradient);

    static void Equal(Result expected, Result actual)
    {
        Assert.Equal(expected.Mean, actual.Mean);
        Assert.Equal(expected.Variance, actual.Variance);
        Assert.Equal(expected.Spikes, actual.Spikes);
        Assert.Equal(expected.Sum, actual.Sum);
        Assert.Equal(expected.Product, actual.Product);
        Assert.Equal(expected.Gradient, actual.Gradient);
    }

    static Result Run(NormLifShape shape, int width)
    {
        var order = new SampleOrder(8);
        float[] Draw(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => order.Below(40_000) / 10_000f - 1)];
        var (values, upstream) = (Draw(shape.ValueSteps * shape.Step), Draw(shape.Steps * shape.Step));
        var (again, gradient) = (values.ToArray(), new float[values.Length]);
        var spikes = new float[upstream.Length];
        var channels = new NormLifChannels(Draw(shape.Channels), Draw(shape.Channels), Draw(shape.Channels), Draw(shape.Channels),
            Draw(shape.Channels));
        var lif = new LifParameters();
        fixed (float* y = values, s = spikes, g = upstream, x = gradient, other = again)
        {
            var (mean, variance) = NormLifKernel.Moments(y, shape, width);
            NormLifKernel.Forward(y, channels, s, shape, lif, width);
            var (sum, product) = NormLifGradient.Gradients(y, g, x, channels, shape, lif, width);
            NormLifGradient.Centre(y, x, channels, shape, width);
            NormLifGradient.Backward(other, g, channels, shape, lif, width);
            Assert.Equal(values, again);
            return new(mean, variance, spikes, sum, product, values);
        }
    }
}
