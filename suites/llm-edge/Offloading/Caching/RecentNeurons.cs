using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>Keeps the neurons used last, whatever their layer.</summary>
/// <param name="split">Whether the gate row and the rest are read, kept and forgotten apart.</param>
sealed class RecentNeurons(NeuronLayout layout, long budget, bool split) : IColdMemory
{
    readonly CacheSegment _segment = new(budget);

    public SegmentUse Use { get; private set; } = SegmentUse.None;
    public long Held => _segment.Held;

    public Missing Ask(int layer, int neuron, bool rest)
    {
        var key = Key(layer, neuron);
        var gate = IsMissing(key, split ? layout.RowBytes : layout.BundleBytes);
        var missing = new Missing(gate, split ? rest && IsMissing(key + 1, 2 * layout.RowBytes) : gate);
        Use += new SegmentUse(1, missing.Gate || missing.Rest ? 0 : 1);
        return missing;
    }

    bool IsMissing(long key, long bytes)
    {
        if (_segment.Find(key)) return false;
        _segment.Keep(key, bytes);
        return true;
    }

    public bool Holds(int layer, int neuron) => _segment.Holds(Key(layer, neuron)) && (!split || _segment.Holds(Key(layer, neuron) + 1));

    public void EndToken(int layer) { }

    long Key(int layer, int neuron) => 2 * ((long)layer * layout.Hidden + neuron);
}
