using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>Holds a fixed set from the beginning, the first of each layer's order, and nothing else ever.</summary>
/// <param name="rank">Place of each neuron in that order, by layer.</param>
/// <param name="kept">How many of each layer.</param>
sealed class FixedNeurons(NeuronLayout layout, IReadOnlyList<int[]> rank, int kept) : IColdMemory
{
    public SegmentUse Use { get; private set; } = SegmentUse.None;
    public long Held => (long)layout.Layers * kept * layout.BundleBytes;

    public Missing Ask(int layer, int neuron, bool rest)
    {
        var here = Holds(layer, neuron);
        Use += new SegmentUse(1, here ? 1 : 0);
        return new(!here, rest && !here);
    }

    public bool Holds(int layer, int neuron) => rank[layer][neuron] < kept;

    public void EndToken(int layer) { }
}
