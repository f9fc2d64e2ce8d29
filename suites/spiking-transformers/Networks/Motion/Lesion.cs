namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>What is taken from trained detectors of motion, or from what they see: controls.</summary>
public enum Lesion
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Every synapse acts at once: its weight stays, its delay becomes 0.</summary>
    Delays,
    /// <summary>The steps of every pixel are put into a random order, so that it has as many events as before and at other times.</summary>
    Times,
}

/// <summary>Which synapses of a trained network are kept.</summary>
public enum Pruning
{
    /// <summary>Those of the largest weights, either way.</summary>
    Magnitude,
    /// <summary>Any, at random: the control.</summary>
    Random,
}
