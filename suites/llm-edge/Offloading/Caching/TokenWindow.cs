using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>
/// Keeps the neurons that one of the last <paramref name="tokens"/> tokens used (Alizadeh et al. 2023, windowing); where they do not fit
/// those used longest ago leave earlier.
/// </summary>
sealed class TokenWindow(NeuronLayout layout, long budget, int tokens) : IColdMemory
{
    readonly CacheSegment _segment = new(budget);
    readonly Dictionary<long, int> _lastUse = [];
    readonly List<long>[] _now = [.. Enumerable.Range(0, layout.Layers).Select(_ => new List<long>())];
    readonly Queue<List<long>>[] _window = [.. Enumerable.Range(0, layout.Layers).Select(_ => new Queue<List<long>>())];
    readonly int[] _token = new int[layout.Layers];

    public SegmentUse Use => _segment.Use;
    public long Held => _segment.Held;

    public Missing Ask(int layer, int neuron, bool rest)
    {
        var key = Key(layer, neuron);
        _lastUse[key] = _token[layer];
        _now[layer].Add(key);
        if (_segment.Find(key)) return default;
        _segment.Keep(key, layout.BundleBytes);
        return new(true, true);
    }

    public bool Holds(int layer, int neuron) => _segment.Holds(Key(layer, neuron));

    public void EndToken(int layer)
    {
        _window[layer].Enqueue(_now[layer]);
        _now[layer] = [];
        _token[layer]++;
        if (_window[layer].Count <= tokens) return;
        foreach (var key in _window[layer].Dequeue())
            if (_lastUse[key] < _token[layer] - tokens) _segment.Remove(key);
    }

    long Key(int layer, int neuron) => (long)layer * layout.Hidden + neuron;
}
