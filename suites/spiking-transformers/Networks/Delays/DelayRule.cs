namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>What the delays of a layer's synapses are.</summary>
public enum DelayRule
{
    /// <summary>Learned with the weights: one real-valued delay a synapse, a whole number of steps at inference.</summary>
    Learned,
    /// <summary>Drawn once, uniformly; only the weights are learned.</summary>
    Fixed,
    /// <summary>All 0.</summary>
    None,
}
