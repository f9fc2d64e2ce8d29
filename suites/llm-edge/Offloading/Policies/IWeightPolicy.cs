using Suites.LlmEdge.Offloading.Caching;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>Prices what tokens need of the feed-forward layers under one way of keeping their weights. Layers come in order.</summary>
interface IWeightPolicy
{
    /// <summary>One token in one layer.</summary>
    /// <param name="selected">Neurons that a predictor asks for, ascending.</param>
    /// <param name="active">By neuron: whether its gate is open, known for those selected.</param>
    LayerCost Decode(int layer, ReadOnlySpan<int> selected, ReadOnlySpan<bool> active);

    /// <summary>Several tokens at once, all neurons, computed densely.</summary>
    LayerCost Prefill(int layer, int tokens);

    /// <summary>Look-ups by segment of the cache; empty where nothing is kept.</summary>
    IReadOnlyList<(string Segment, SegmentUse Use)> Segments { get; }

    /// <summary>Bytes of feed-forward weights in memory now.</summary>
    long Held { get; }

    /// <summary>Neurons that are computed whatever a predictor says, the first of each layer's order.</summary>
    int Hot { get; }
}
