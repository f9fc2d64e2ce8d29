namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>The neurons of a network, all layers alike; docs/neurons.md has the equation and the source of each.</summary>
public enum NeuronKind
{
    /// <summary>Leaky integrate-and-fire, input divided by tau, hard reset; computed together with the norm before it.</summary>
    Lif,
    /// <summary>No leak: tau has no meaning.</summary>
    If,
    /// <summary>A learned tau per layer, which starts at tau.</summary>
    Plif,
    /// <summary>A learned gain per layer.</summary>
    Klif,
    /// <summary>Learned gates between leaks, integrations and resets; its own tau; a threshold between 0 and 1.</summary>
    Glif,
    /// <summary>A second state that keeps spikes; no input decay, soft reset.</summary>
    Clif,
    /// <summary>Integer outputs 0..4, soft reset; at inference they are so many binary steps.</summary>
    Ilif,
    /// <summary>Integer outputs divided by 4.</summary>
    NiLif,
    /// <summary>Exponential rise towards the threshold.</summary>
    Eif,
    /// <summary>A threshold that rises with every spike.</summary>
    Alif,
    /// <summary>A synaptic current before the membrane.</summary>
    Cuba,
    /// <summary>All steps at once by a learned matrix over time; neither tau nor threshold.</summary>
    Psn,
}
