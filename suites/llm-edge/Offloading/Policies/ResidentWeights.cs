using System.Globalization;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>All weights in memory, all neurons computed.</summary>
sealed class ResidentWeights : IWeightPolicy
{
    readonly NeuronLayout _layout;
    readonly ComputeCosts _compute;

    /// <exception cref="HarnessException">The budget holds less than all.</exception>
    public ResidentWeights(NeuronLayout layout, ComputeCosts compute, long budget)
    {
        (_layout, _compute) = (layout, compute);
        if (budget < layout.Bytes) throw new HarnessException(string.Create(CultureInfo.InvariantCulture,
            $"Feed-forward layers of {layout.Bytes} bytes do not fit into {budget}; raise the cap to 100 % or choose another policy."));
    }

    public IReadOnlyList<(string Segment, SegmentUse Use)> Segments => [];
    public long Held => _layout.Bytes;
    public int Hot => _layout.Hidden;

    public LayerCost Decode(int layer, ReadOnlySpan<int> selected, ReadOnlySpan<bool> active) => Prefill(layer, 1);

    public LayerCost Prefill(int layer, int tokens)
    {
        var seconds = _compute.Dense(_layout.LayerBytes, tokens);
        return new(seconds / _compute.Lanes, seconds, 0, 0);
    }
}
