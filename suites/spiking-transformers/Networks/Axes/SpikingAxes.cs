using Harness.Spiking.Neurons;

namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>What all spiking families of the suite have in common, free to combine.</summary>
/// <param name="Steps">Time steps T.</param>
/// <param name="Resolution">Side to which images are scaled, or 0 for as they are.</param>
sealed record SpikingAxes(int Steps, NeuronKind Neuron, double Tau, double Threshold, Surrogate Surrogate, double Slope,
    InputCode Code, int Resolution)
{
    public NeuronRules Rules => NeuronRules.Of(Neuron, Tau, Threshold, Surrogate, Slope, Steps);

    /// <summary>The shape that a network sees of a given one.</summary>
    public InputShape Of(InputShape given)
    {
        if (Resolution == 0) return given;
        if (given.IsSequence) throw new HarnessException($"A sequence has no resolution to scale to {Resolution}; set resolution to 0.");
        return given with { Grid = new(Resolution, Resolution) };
    }
}
