using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Neurons;

public sealed class LifGraphTests
{
    public LifGraphTests() => TorchSession.Begin(5, 1);

    public static TheoryData<Surrogate, ResetRule, bool> Smooth()
    {
        var data = new TheoryData<Surrogate, ResetRule, bool>();
        foreach (var surrogate in new[] { Surrogate.Sigmoid, Surrogate.ArcTangent, Surrogate.SoftSign, Surrogate.Gaussian })
            foreach (var reset in Enum.GetValues<ResetRule>())
                foreach (var decay in new[] { true, false })
                    data.Add(surrogate, reset, decay);
        return data;
    }

    [Theory]
    [MemberData(nameof(Smooth))]
    public void The_smooth_gradient_is_the_finite_difference(Surrogate surrogate, ResetRule reset, bool decay)
    {
        using var scope = NewDisposeScope();
        var lif = new LifParameters(2, 1, decay, reset, DetachReset: false, surrogate, 2);
        var values = randn([4, 3], float64) + 0.8;
        var weights = randn([4, 3], float64);
        Tensor Loss(Tensor input) => (LifGraph.SmoothSpikes(input, lif) * weights).sum();
        var input = values.clone().requires_grad_(true);
        Loss(input).backward();
        const double step = 1e-6;
        for (var at = 0; at < 12; at++)
        {
            var change = zeros([4, 3], float64);
            change[at / 3, at % 3] = step;
            var difference = (Loss(values + change) - Loss(values - change)).item<double>() / (2 * step);
            Assert.Equal(difference, input.grad![at / 3, at % 3].item<double>(), 6);
        }
    }

    [Theory]
    [InlineData(Surrogate.Sigmoid, 4)]
    [InlineData(Surrogate.ArcTangent, 2)]
    [InlineData(Surrogate.Triangle, 1)]
    [InlineData(Surrogate.Rectangle, 1)]
    [InlineData(Surrogate.SoftSign, 2)]
    [InlineData(Surrogate.FastSigmoid, 25)]
    [InlineData(Surrogate.Exponential, 2)]
    [InlineData(Surrogate.Gaussian, 1.7724539f)]
    [InlineData(Surrogate.StraightThrough, 1)]
    public void The_surrogate_slope_at_the_threshold_is_one(Surrogate surrogate, float slope)
    {
        using var scope = NewDisposeScope();
        // Tau 1 passes the input through, so H - threshold is 0 exactly.
        var lif = new LifParameters(Tau: 1, Threshold: 1, Surrogate: surrogate, Slope: slope);
        var input = ones(1, 33).requires_grad_(true);
        Lif.Spikes(input, lif).sum().backward();
        Assert.All(input.grad!.data<float>().ToArray(), value => Assert.Equal(1f, value, 1e-6f));
    }

    [Theory]
    [InlineData(Surrogate.Sigmoid)]
    [InlineData(Surrogate.ArcTangent)]
    [InlineData(Surrogate.Triangle)]
    [InlineData(Surrogate.Rectangle)]
    [InlineData(Surrogate.SoftSign)]
    [InlineData(Surrogate.FastSigmoid)]
    [InlineData(Surrogate.Exponential)]
    [InlineData(Surrogate.Gaussian)]
    [InlineData(Surrogate.StraightThrough)]
    public void A_surrogate_is_the_derivative_of_its_integral_in_graph_and_kernel(Surrogate surrogate)
    {
        using var scope = NewDisposeScope();
        var u = linspace(-0.9, 0.9, 181, float64) + 0.0013;
        var difference = (Firing.Integral(u + 1e-6, surrogate, 1.5) - Firing.Integral(u - 1e-6, surrogate, 1.5)) / 2e-6;
        var input = (u.to(float32) + 1).unsqueeze(0).detach().requires_grad_(true);
        Lif.Spikes(input, new LifParameters(Tau: 1, Surrogate: surrogate, Slope: 1.5f)).sum().backward();
        Assert.InRange((difference.to(float32) - input.grad![0]).abs().max().item<float>(), 0, 2e-4f);
        Assert.InRange((difference - Firing.Derivative(u, surrogate, 1.5)).abs().max().item<double>(), 0, 2e-4);
        // These two are not bounded by 0 and 1.
        if (surrogate is Surrogate.StraightThrough or Surrogate.FastSigmoid) return;
        var ends = Firing.Integral(tensor([-1e7, 1e7]), surrogate, 1.5);
        Assert.Equal(0, ends[0].item<double>(), 5);
        Assert.Equal(1, ends[1].item<double>(), 5);
    }
}
