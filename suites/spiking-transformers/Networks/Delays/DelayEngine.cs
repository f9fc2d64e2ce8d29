namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>How a trained network of delays is computed.</summary>
public enum DelayEngine
{
    /// <summary>All synapses at all steps, as a convolution over time.</summary>
    Dense,
    /// <summary>Synapses of neurons that fire, each when its delay is over.</summary>
    Events,
}
