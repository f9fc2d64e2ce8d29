using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>
/// Reads every weight of each layer in order, in blocks of Linux' default read-ahead, through a cache of blocks. Layers come round in a
/// cycle, so that a cache smaller than all of them has always just forgotten what comes next.
/// </summary>
/// <param name="overlapped">Whether reading hides behind computing; a mapped file's faults do not.</param>
sealed class DenseStreaming(NeuronLayout layout, StorageModel storage, ComputeCosts compute, long budget, bool overlapped) : IWeightPolicy
{
    const long Block = 128 << 10;

    readonly CacheSegment _blocks = new(budget);

    public IReadOnlyList<(string Segment, SegmentUse Use)> Segments => [("blocks", _blocks.Use)];
    public long Held => _blocks.Held;
    public int Hot => layout.Hidden;

    public LayerCost Decode(int layer, ReadOnlySpan<int> selected, ReadOnlySpan<bool> active) => Prefill(layer, 1);

    public LayerCost Prefill(int layer, int tokens)
    {
        long requests = 0, bytes = 0;
        var reading = 0.0;
        for (long at = 0, number = 0; at < layout.LayerBytes; at += Block, number++)
        {
            var (key, size) = ((long)layer << 32 | number, Math.Min(Block, layout.LayerBytes - at));
            if (_blocks.Find(key)) continue;
            (requests, bytes, reading) = (requests + 1, bytes + storage.Aligned(size), reading + storage.Busy(1, size));
            _blocks.Keep(key, size);
        }
        if (requests > 0) reading += storage.Delay;
        var seconds = compute.Dense(layout.LayerBytes, tokens);
        var spread = seconds / compute.Lanes;
        return new(overlapped ? Math.Max(reading, spread) : reading + spread, seconds, bytes, requests);
    }
}
