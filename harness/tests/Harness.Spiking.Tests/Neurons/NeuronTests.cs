using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Neurons;

public sealed class NeuronTests
{
    const int Steps = 4;

    static readonly LifParameters Hard = new(DetachReset: false, Surrogate: Surrogate.ArcTangent, Slope: 2);
    static readonly LifParameters Soft = Hard with { Reset = ResetRule.Soft };

    static readonly Dictionary<string, Func<Neuron>> All = new()
    {
        ["LIF"] = () => new LeakyNeuron(Hard with { ResetPotential = -0.3f }),
        ["IF"] = () => new LeakyNeuron(LifParameters.IntegrateAndFire with { DetachReset = false }),
        ["PLIF"] = () => new ParametricLif(Hard),
        ["KLIF"] = () => new KlifNeuron(Hard),
        ["KLIF, scaled"] = () => new KlifNeuron(Soft, scaleReset: true),
        ["GLIF"] = () => new GatedLif(Steps, 3, Hard with { Threshold = 0.5f }),
        ["CLIF"] = () => new ComplementaryLif(Soft),
        ["I-LIF"] = () => new IntegerLif(Soft, 3),
        ["NI-LIF"] = () => new IntegerLif(Soft, 3, normalised: true),
        ["EIF"] = () => new ExponentialLif(Hard),
        ["ALIF"] = () => new AdaptiveLif(Soft, 5),
        ["CuBa-LIF"] = () => new CurrentLif(Hard),
        ["PSN"] = () => new ParallelNeuron(Steps),
        ["masked PSN"] = () => new ParallelNeuron(Steps, order: 2),
        ["Izhikevich"] = () => new IzhikevichNeuron(new(), 0.5f, Hard),
        ["Hodgkin-Huxley"] = () => new HodgkinHuxleyNeuron(40, 0.01f, Hard),
    };

    public NeuronTests() => TorchSession.Begin(7, 1);

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_smooth_gradient_is_the_finite_difference_for_inputs_and_parameters(string name)
    {
        using var scope = NewDisposeScope();
        using var neuron = All[name]();
        neuron.to(float64);
        var input = (randn([Steps, 3], float64) * 0.7 + 0.9) * (name is "Izhikevich" or "Hodgkin-Huxley" ? 10 : 1);
        var weights = randn([Steps, 3], float64);
        Tensor Loss() => (neuron.ForwardSmooth(input) * weights).sum();
        foreach (var value in neuron.parameters().Append(input))
        {
            neuron.zero_grad();
            value.requires_grad_(true);
            Loss().backward();
            var gradient = value.grad!.clone();
            value.requires_grad_(false);
            var flat = value.view(-1);
            for (var at = 0; at < flat.numel(); at++)
            {
                var kept = flat[at].item<double>();
                double At(double change)
                {
                    flat[at] = kept + change;
                    return Loss().item<double>();
                }
                var difference = (At(1e-6) - At(-1e-6)) / 2e-6;
                flat[at] = kept;
                Assert.Equal(difference, gradient.view(-1)[at].item<double>(), 1e-5 * Math.Max(1, Math.Abs(difference)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_neuron_equals_its_graph_and_fires(string name)
    {
        using var scope = NewDisposeScope();
        using var neuron = All[name]();
        var strong = name switch { "Izhikevich" => 600, "Hodgkin-Huxley" => 60, "PSN" or "masked PSN" => 4, _ => 1 };
        var values = (randn(Steps, 3, 700) * 1.2f + 0.8f) * strong;
        // A strong current out of a squid's axon drives its gates where forward Euler diverges.
        if (name == "Hodgkin-Huxley") values = values.clamp(min: 0);
        var weights = randn(Steps, 3, 700);
        var (spikes, gradients) = Gradients(neuron, values, weights, neuron.forward);
        var (graph, graphGradients) = Gradients(neuron, values, weights, neuron.ForwardGraph);
        Assert.InRange(graph.count_nonzero().item<long>() / (double)graph.numel(), 0.005, 0.995);
        Assert.True(spikes.equal(graph).all().item<bool>(), "spikes differ");
        foreach (var (gradient, expected) in gradients.Zip(graphGradients))
            Assert.InRange(((gradient - expected).abs() / expected.abs().clamp(min: 1)).max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void A_strict_threshold_does_not_fire_at_the_threshold()
    {
        using var scope = NewDisposeScope();
        var input = tensor([2f, MathF.BitIncrement(2)]).view(1, 2);
        var strict = new LifParameters(Tau: 2, Threshold: 1, Fires: FireRule.Above);
        Assert.Equal([0f, 1f], Lif.Spikes(input, strict).data<float>().ToArray());
        Assert.Equal([0f, 1f], LifGraph.Spikes(input, strict).data<float>().ToArray());
    }

    [Fact]
    public void Integer_spikes_are_counts_up_to_their_limit()
    {
        using var scope = NewDisposeScope();
        using var neuron = new IntegerLif(new(1, 1, Reset: ResetRule.Soft), 3);
        Assert.Equal([0f, 1f, 2f, 3f, 3f], neuron.forward(tensor([-2f, 0.7f, 2.2f, 2.9f, 9f]).view(1, 5)).data<float>().ToArray());
    }

    [Fact]
    public void An_adaptive_neuron_slows_down_under_a_constant_current()
    {
        using var scope = NewDisposeScope();
        using var neuron = new AdaptiveLif(new(Tau: 10), 50, strength: 10);
        var times = neuron.forward(full([200, 1], 3f)).flatten().nonzero().flatten().data<long>().ToArray();
        Assert.True(times[^1] - times[^2] >= 2 * (times[1] - times[0]), string.Join(' ', times));
    }

    [Fact]
    public void A_masked_parallel_neuron_sees_neither_the_future_nor_the_far_past()
    {
        using var scope = NewDisposeScope();
        using var neuron = new ParallelNeuron(Steps, order: 2);
        var input = randn(Steps, 1).requires_grad_(true);
        neuron.ForwardSmooth(input)[2].sum().backward();
        Assert.Equal([false, true, true, false], input.grad!.flatten().data<float>().Select(value => value != 0));
    }

    [Fact]
    public void A_regular_spiking_cell_fires_when_the_published_equations_do()
    {
        using var scope = NewDisposeScope();
        using var neuron = new IzhikevichNeuron(new(), 0.5f);
        var steps = neuron.forward(full([400, 1], 10f)).flatten().nonzero().flatten().data<long>().ToArray();
        // 200 ms at X = 10: Reference/cells.py.
        Assert.Equal(IzhikevichSteps, steps);
    }

    [Fact]
    public void A_squid_axon_fires_when_a_stiff_solver_says_so()
    {
        using var scope = NewDisposeScope();
        using var neuron = new HodgkinHuxleyNeuron(substeps: 10, dt: 0.01f);
        var steps = neuron.forward(full([500, 1], 10f)).flatten().nonzero().flatten().data<long>().ToArray();
        // 50 ms at 10 uA/cm2 by scipy's LSODA, crossings of 0 mV in ms: Reference/cells.py.
        Assert.Equal(SquidTimes.Length, steps.Length);
        for (var at = 0; at < steps.Length; at++) Assert.Equal(SquidTimes[at], (steps[at] + 1) * 0.1, 0.25);
    }

    static readonly long[] IzhikevichSteps = [7, 57, 149, 241, 333];
    static readonly double[] SquidTimes = [1.901, 16.823, 31.472, 46.109];

    [Fact]
    public void Neurons_without_meaning_are_refused()
    {
        Assert.Throws<HarnessException>(() => new LifParameters(float.PositiveInfinity).Checked());
        Assert.Throws<HarnessException>(() => new LifParameters(ResetPotential: 1).Checked());
        Assert.Throws<HarnessException>(() => new ComplementaryLif(new()));
        Assert.Throws<HarnessException>(() => new IntegerLif(new(Reset: ResetRule.Soft), 0));
        Assert.Throws<HarnessException>(() => new ParametricLif(new(Tau: 1)));
        Assert.Throws<HarnessException>(() => new ExponentialLif(new(DecayInput: false)));
        Assert.Throws<HarnessException>(() => new CurrentLif(new(), 1));
        Assert.Throws<HarnessException>(() => new GatedLif(4, 1, new(Threshold: 1)));
        Assert.Throws<HarnessException>(() => new IzhikevichNeuron(new(), 2));
        using var neuron = new ParallelNeuron(4);
        Assert.Throws<HarnessException>(() => neuron.forward(zeros(3, 1)));
    }

    static (Tensor Spikes, List<Tensor> Gradients) Gradients(Neuron neuron, Tensor values, Tensor weights, Func<Tensor, Tensor> function)
    {
        neuron.zero_grad();
        var input = values.clone().requires_grad_(true);
        var spikes = function(input);
        (spikes * weights).sum().backward();
        return (spikes.detach(), [input.grad!, .. neuron.parameters().Select(parameter => parameter.grad!.clone())]);
    }
}
