using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Tests.Kernels;

public sealed unsafe class LifKernelTests
{
    public static TheoryData<int, Surrogate> Widths()
    {
        var data = new TheoryData<int, Surrogate>();
        foreach (var width in new[] { 256, 512 })
            foreach (var surrogate in Enum.GetValues<Surrogate>())
                data.Add(width, surrogate);
        return data;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_vector_width_computes_what_the_scalar_kernel_does(int width, Surrogate surrogate)
    {
        TorchSession.Begin(1, 1);
        var lif = new LifParameters(2.5f, 0.7f, false, ResetRule.Soft, false, surrogate, 3);
        var (spikes, gradient) = Run(lif, width);
        var (scalarSpikes, scalarGradient) = Run(lif, 0);
        Assert.Equal(scalarSpikes, spikes);
        for (var at = 0; at < gradient.Length; at++) Assert.Equal(scalarGradient[at], gradient[at]);
    }

    [Fact]
    public void Two_threads_compute_the_same_bits_as_one()
    {
        TorchSession.Begin(1, 1);
        var one = Run(new LifParameters(), VectorWidth.Widest);
        TorchSession.Begin(1, 2);
        var two = Run(new LifParameters(), VectorWidth.Widest);
        Assert.Equal(one.Spikes, two.Spikes);
        Assert.Equal(one.Gradient, two.Gradient);
    }

    static (float[] Spikes, float[] Gradient) Run(LifParameters lif, int width)
    {
        const int steps = 3, neurons = 9001;
        var order = new SampleOrder(4);
        float Draw() => order.Below(40_000) / 10_000f - 1;
        var input = Enumerable.Range(0, steps * neurons).Select(_ => Draw()).ToArray();
        var upstream = Enumerable.Range(0, steps * neurons).Select(_ => Draw()).ToArray();
        var (spikes, gradient) = (new float[input.Length], new float[input.Length]);
        var shape = new LifShape(steps, neurons, Constant: false);
        fixed (float* x = input, s = spikes, g = upstream, d = gradient)
        {
            LifKernel.Forward(x, s, shape, lif, width);
            LifKernel.Backward(g, x, d, shape, lif, width);
        }
        return (spikes, gradient);
    }
}
