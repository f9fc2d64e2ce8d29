using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>
/// Neurons on a real device: hot ones in memory, others in as many slots as a budget has, those used longest ago leaving first; what is in
/// no slot is read from the file when it is asked for. Reads are timed by the real clock.
/// </summary>
/// <param name="budget">Bytes of the slots; at least one slot is there.</param>
sealed unsafe class DirectNeurons(NeuronStore store, BundleFile file, IReadOnlyList<bool[]> hot, long budget, TimeProvider time)
    : INeuronSource
{
    static int files;

    CacheSegment _segment = new(Math.Max(budget, store.BundleBytes));
    readonly NativeBlock _slots = new(Math.Max(1, budget / store.BundleBytes) * store.BundleBytes);
    readonly Dictionary<long, int> _slotOf = [];
    Stack<int> _free = Slots(budget, store);

    public long Reads { get; private set; }
    public long Bytes => Reads * file.Stride;
    public TimeSpan Elapsed { get; private set; }

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
        _segment = new(Math.Max(budget, store.BundleBytes));
        _slotOf.Clear();
        (_free, Reads, Elapsed) = (Slots(budget, store), 0, default);
    }

    static Stack<int> Slots(long budget, NeuronStore store) => new(Enumerable.Range(0, (int)Math.Max(1, budget / store.BundleBytes)));

    public float* Bundle(int layer, int neuron)
    {
        if (hot[layer][neuron]) return store.Bundle(layer, neuron);
        var key = (long)layer * store.Hidden + neuron;
        if (!_segment.Find(key)) Fetch(key, layer, neuron);
        return Slot(_slotOf[key]);
    }

    void Fetch(long key, int layer, int neuron)
    {
        _segment.Keep(key, store.BundleBytes, left =>
        {
            _slotOf.Remove(left, out var slot);
            _free.Push(slot);
        });
        _slotOf[key] = _free.Pop();
        var start = time.GetTimestamp();
        file.Read(layer, neuron, new(Slot(_slotOf[key]), store.BundleBytes));
        Elapsed += time.GetElapsedTime(start);
        Reads++;
    }

    float* Slot(int slot) => (float*)(_slots.Pointer + (long)slot * store.BundleBytes);

    public void Dispose()
    {
        _slots.Dispose();
        file.Dispose();
    }
}
