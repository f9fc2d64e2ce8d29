using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Neurons;

/// <summary>Spikes and gradients against SpikingJelly's own (Reference/neurons.py says which version).</summary>
public sealed class GoldenTests
{
    // SpikingJelly attaches the reset by default.
    static readonly LifParameters Attached = new(DetachReset: false);
    static readonly LifParameters AttachedSoft = Attached with { Reset = ResetRule.Soft };

    public GoldenTests() => TorchSession.Begin(1, 1);

    public static TheoryData<string> Neurons() => [.. Cases.Keys];

    static readonly Dictionary<string, Func<Neuron>> Cases = new()
    {
        ["if_soft"] = () => new LeakyNeuron(LifParameters.IntegrateAndFire with { Reset = ResetRule.Soft, DetachReset = false }),
        ["lif"] = () => new LeakyNeuron(Attached),
        ["lif_detached"] = () => new LeakyNeuron(new(Surrogate: Surrogate.ArcTangent, Slope: 2)),
        ["lif_no_decay_soft"] = () => new LeakyNeuron(AttachedSoft with { Tau = 1.7f, DecayInput = false }),
        ["lif_reset_potential"] = () => new LeakyNeuron(Attached with { Tau = 2.5f, ResetPotential = -0.4f, Threshold = 0.8f }),
        ["plif"] = () => new ParametricLif(Attached with { Tau = 2.2f }),
        ["klif"] = () => Set(new KlifNeuron(Attached), "k", 1.3f),
        ["klif_scaled"] = () => Set(new KlifNeuron(AttachedSoft, scaleReset: true), "k", 1.3f),
        ["eif"] = () => new ExponentialLif(Attached with { ResetPotential = -0.1f }),
        ["glif"] = () => Set(Set(Set(new GatedLif(Golden.Steps, 1, new(Threshold: 0.5f)), "alpha", 0.3f), "beta", -0.2f), "gamma", 0.4f),
        ["clif"] = () => new ComplementaryLif(AttachedSoft with { DecayInput = false }),
        ["cuba"] = () => new CurrentLif(Attached with { Tau = 4, Threshold = 0.5f, DecayInput = false }),
        ["ilif"] = () => new IntegerLif(AttachedSoft with { Tau = 4 / 3f, DecayInput = false }, most: 4),
        ["psn"] = Parallel,
    };

    [Theory]
    [MemberData(nameof(Neurons))]
    public void A_neuron_fires_and_learns_as_the_reference_does(string name)
    {
        using var scope = NewDisposeScope();
        using var neuron = Cases[name]();
        var input = Golden.Input.requires_grad_(true);
        var spikes = neuron.forward(input);
        (spikes * Golden.Weights).sum().backward();
        Equal(Golden.Numbers("cases", name, "spikes"), spikes, 1e-6f);
        Equal(Golden.Numbers("cases", name, "gradient"), input.grad!, 1e-5f);
        foreach (var (parameter, value) in neuron.named_parameters())
            Equal(Golden.Numbers("cases", name, "extra", parameter), value.grad!, 2e-5f);
    }

    [Theory]
    [InlineData(Surrogate.Sigmoid, 3)]
    [InlineData(Surrogate.ArcTangent, 3)]
    [InlineData(Surrogate.SoftSign, 3)]
    [InlineData(Surrogate.Triangle, 1.4)]
    [InlineData(Surrogate.Exponential, 3)]
    [InlineData(Surrogate.Gaussian, 3)]
    public void A_surrogate_is_the_references(Surrogate surrogate, double slope)
    {
        using var scope = NewDisposeScope();
        Equal(Golden.Numbers("surrogates", $"{surrogate}"), Firing.Derivative(tensor(Golden.Numbers("surrogate_at")), surrogate, slope),
            1e-5f);
    }

    static Neuron Parallel()
    {
        var neuron = new ParallelNeuron(Golden.Steps);
        using var _ = no_grad();
        foreach (var (name, value) in neuron.named_parameters())
            if (name == "weight") value.copy_((arange(36).view(6, 6) % 5).to(float32) / 5);
        return neuron;
    }

    static Neuron Set(Neuron neuron, string parameter, float value)
    {
        using var _ = no_grad();
        neuron.named_parameters().Single(entry => entry.name == parameter).parameter.fill_(value);
        return neuron;
    }

    static void Equal(float[] expected, Tensor actual, float tolerance)
    {
        var values = actual.detach().contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var at = 0; at < expected.Length; at++)
            Assert.True(Math.Abs(expected[at] - values[at]) <= tolerance * Math.Max(1, Math.Abs(expected[at])),
                $"at {at}: {values[at]} instead of {expected[at]}");
    }
}
