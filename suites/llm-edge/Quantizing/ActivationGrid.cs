namespace Suites.LlmEdge.Quantizing;

/// <summary>Whether the inputs of linear layers are rounded, and by which grid.</summary>
public enum ActivationGrid
{
    /// <summary>They stay floats.</summary>
    Float,
    /// <summary>One symmetric grid for each layer, found in calibration.</summary>
    Static,
    /// <summary>One symmetric grid for each layer and token, found as it comes.</summary>
    PerToken,
}
