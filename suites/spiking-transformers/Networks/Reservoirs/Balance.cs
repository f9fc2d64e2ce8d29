namespace Suites.SpikingTransformers.Networks.Reservoirs;

/// <summary>How the inhibition of a reservoir is set.</summary>
public enum Balance
{
    /// <summary>Each unit adapts its own inhibitory input until it has its target rate.</summary>
    Adaptive,
    /// <summary>All inhibition is scaled by one number, to a given ratio to excitation.</summary>
    Global,
}
