using System.Globalization;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>What a layer of neurons is made of: every layer makes its own, as some kinds learn.</summary>
/// <param name="Lif">The constants, by the conventions of the kind.</param>
/// <param name="Steps">Time steps; GLIF and PSN have numbers for each.</param>
sealed record NeuronRules(NeuronKind Kind, LifParameters Lif, int Steps)
{
    /// <summary>The most spikes of one step of an integer neuron.</summary>
    const int MostSpikes = 4;

    /// <exception cref="HarnessException">The kind cannot have such constants.</exception>
    public static NeuronRules Of(NeuronKind kind, double tau, double threshold, Surrogate surrogate, double slope, int steps)
    {
        var lif = new LifParameters((float)tau, (float)threshold, Surrogate: surrogate, Slope: (float)slope);
        if (kind == NeuronKind.Plif && tau <= 1)
            throw new HarnessException($"A learned time constant starts above 1, not at {tau}; raise tau or choose neuron lif.");
        if (kind == NeuronKind.Glif && threshold >= 1)
            throw new HarnessException($"Neuron glif keeps its threshold between 0 and 1, not {threshold}; the published one is 0.5.");
        return new(kind, (kind switch
        {
            NeuronKind.If => lif with { Tau = float.PositiveInfinity, DecayInput = false },
            NeuronKind.Clif => lif with { DecayInput = false, Reset = ResetRule.Soft, DetachReset = false },
            NeuronKind.Ilif or NeuronKind.NiLif => lif with { Reset = ResetRule.Soft },
            _ => lif,
        }).Checked(), steps);
    }

    /// <summary>Whether norm and neurons are one kernel.</summary>
    public bool Fused => Kind is NeuronKind.Lif or NeuronKind.If;

    /// <summary>The smallest output that is not 0.</summary>
    public double Unit => Kind == NeuronKind.NiLif ? 1.0 / MostSpikes : 1;

    /// <summary>Learned numbers of one layer.</summary>
    public int Parameters => Kind switch
    {
        NeuronKind.Plif or NeuronKind.Klif => 1,
        NeuronKind.Glif => 7 + Steps,
        NeuronKind.Psn => Steps * Steps + Steps,
        _ => 0,
    };

    public NeuronRules At(double threshold) => this with { Lif = Lif with { Threshold = (float)threshold } };

    /// <summary>A layer of any width.</summary>
    public Neuron Create() => Kind switch
    {
        NeuronKind.Lif or NeuronKind.If => new LeakyNeuron(Lif),
        NeuronKind.Plif => new ParametricLif(Lif),
        NeuronKind.Klif => new KlifNeuron(Lif),
        // Gates start at random: the seed is drawn so that one session seed fixes all layers.
        NeuronKind.Glif => new GatedLif(Steps, (int)randint(int.MaxValue, 1).item<long>(), Lif),
        NeuronKind.Clif => new ComplementaryLif(Lif),
        NeuronKind.Ilif => new IntegerLif(Lif, MostSpikes),
        NeuronKind.NiLif => new IntegerLif(Lif, MostSpikes, normalised: true),
        NeuronKind.Eif => new ExponentialLif(Lif),
        NeuronKind.Alif => new AdaptiveLif(Lif),
        NeuronKind.Cuba => new CurrentLif(Lif),
        NeuronKind.Psn => new ParallelNeuron(Steps, null, Lif),
        _ => throw new HarnessException($"No layer of neurons is known for {Kind}; neurons are {string.Join(", ",
            Enum.GetNames<NeuronKind>())}."),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind switch
    {
        NeuronKind.NiLif => "NI-LIF",
        NeuronKind.Ilif => "I-LIF",
        NeuronKind.Cuba => "CuBa-LIF",
        _ => $"{Kind}".ToUpperInvariant(),
    }}{(Kind is NeuronKind.If or NeuronKind.Psn or NeuronKind.Glif ? "" : $", tau {Lif.Tau}")}{
        (Kind == NeuronKind.Psn ? "" : $", threshold {Lif.Threshold}")}");
}
