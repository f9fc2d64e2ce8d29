using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>Which parts of a neuron have to be read.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Missing(bool Gate, bool Rest);

/// <summary>Where single neurons stay between tokens.</summary>
interface IColdMemory
{
    /// <summary>Uses a neuron: its gate row, and up row and down column where <paramref name="rest"/>. What is missing is read and
    /// kept.</summary>
    Missing Ask(int layer, int neuron, bool rest);

    /// <summary>Whether all of a neuron is here; counts as no use.</summary>
    bool Holds(int layer, int neuron);

    /// <summary>Says that a token is through this layer.</summary>
    void EndToken(int layer);

    SegmentUse Use { get; }
    long Held { get; }
}
