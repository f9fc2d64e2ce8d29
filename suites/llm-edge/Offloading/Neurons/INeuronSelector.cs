namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>Says which neurons of a layer are worth computing for a token.</summary>
interface INeuronSelector
{
    /// <param name="x">Input of the feed-forward layer [width].</param>
    /// <param name="selected">Takes neurons in ascending order [hidden].</param>
    /// <returns>How many it took.</returns>
    int Select(int layer, ReadOnlySpan<float> x, Span<int> selected);
}
