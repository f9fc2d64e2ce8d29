using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>Gates that, closed, make their neuron add exactly nothing.</summary>
static class SilentGates
{
    /// <summary>Whether such a gate takes ups below zero for zero.</summary>
    /// <exception cref="HarnessException">These gates are never exactly silent.</exception>
    public static bool PositiveUpsOf(Gating gating) => gating switch
    {
        Gating.Reglu => false,
        Gating.Drelu => true,
        _ => throw new HarnessException($"With {gating} gates no neuron is exactly silent; offloading needs Reglu or Drelu."),
    };
}
