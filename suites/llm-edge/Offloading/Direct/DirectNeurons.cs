using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>
/// Neurons on a real device: hot ones in memory, others in as many slots as a budget has, those used longest ago leaving first; what is in
/// no slot is read from the file, several at a time, while those before it are computed. The real clock says how long was waited for reads.
/// </summary>
sealed unsafe class DirectNeurons : INeuronSource
{
    const int Readers = 16;

    static int files;

    readonly NeuronStore _store;
    readonly BundleFile _file;
    readonly IReadOnlyList<bool[]> _hot;
    readonly TimeProvider _time;
    readonly ReadTeam _readers;
    readonly NeuronSlots _slots;
    readonly int[] _cold;

    /// <param name="file">Becomes its own.</param>
    /// <param name="hot">Neurons in memory, by layer.</param>
    /// <param name="budget">Bytes of the slots; at least one slot is there.</param>
    public DirectNeurons(NeuronStore store, BundleFile file, IReadOnlyList<bool[]> hot, long budget, TimeProvider time)
    {
        (_store, _file, _hot, _time, _cold) = (store, file, hot, time, new int[store.Hidden]);
        _readers = new(file, Readers);
        _slots = new(file, _readers, [.. hot.Select(_ => Array.Empty<int>())], (int)Math.Max(1, budget / store.BundleBytes));
    }

    public int Most => _slots.Recent;
    public long Reads => _slots.Reads;
    public long Bytes => Reads * _file.Stride;

    /// <summary>Time in which nothing was computed because a neuron was not there yet.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Writes the bundles of a model into a file of the cache.</summary>
    /// <param name="always">Neurons in memory, by layer; null is none.</param>
    /// <exception cref="HarnessException">There are no direct reads here.</exception>
    public static DirectNeurons Create(NeuronStore store, IReadOnlyList<bool[]>? always, long budget, RunContext context) =>
        new(store, BundleFile.Create(store, new(Path.Combine(context.Cache.FullName, "neuron-bundles",
                $"{Environment.ProcessId}-{Interlocked.Increment(ref files)}.bin"))),
            always ?? [.. Enumerable.Range(0, store.Layers).Select(_ => new bool[store.Hidden])], budget, context.Time);

    /// <summary>Empties the slots and counts anew.</summary>
    public void Forget()
    {
        _slots.Forget();
        Waited = default;
    }

    public void Ask(int layer, ReadOnlySpan<int> neurons)
    {
        var count = 0;
        foreach (var neuron in neurons) if (!_hot[layer][neuron]) _cold[count++] = neuron;
        _slots.Ask(layer, _cold.AsSpan(0, count));
    }

    public float* Bundle(int layer, int neuron)
    {
        if (_hot[layer][neuron]) return _store.Bundle(layer, neuron);
        var start = _time.GetTimestamp();
        var bundle = _slots.Await(layer, neuron);
        Waited += _time.GetElapsedTime(start);
        return (float*)bundle;
    }

    public void Dispose()
    {
        _readers.Dispose();
        _slots.Dispose();
        _file.Dispose();
    }
}
