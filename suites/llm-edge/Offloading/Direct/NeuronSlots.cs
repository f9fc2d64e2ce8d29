using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Caching;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>
/// Memory for neurons of a device: some stay for ever, and as many slots as asked for have those used last. Nothing is read that is here
/// already.
/// </summary>
sealed unsafe class NeuronSlots : IDisposable
{
    readonly INeuronReader _device;
    readonly ReadTeam _readers;
    readonly NativeBlock _memory;
    readonly int[] _slotOf, _readOf;
    readonly int _fixed;
    readonly Stack<int> _free = [];
    readonly Action<long> _left;
    readonly List<NeuronRead> _reads = [];
    CacheSegment _recent;

    /// <param name="staying">By layer: neurons that stay.</param>
    /// <param name="recent">Slots for those used last, at least one.</param>
    public NeuronSlots(INeuronReader device, ReadTeam readers, IReadOnlyList<int[]> staying, int recent)
    {
        (_device, _readers, _fixed, Recent) = (device, readers, staying.Sum(layer => layer.Length), recent);
        _memory = new((long)(_fixed + recent) * device.Stride, DirectFile.Block);
        (_slotOf, _readOf) = (new int[device.Layers * device.Hidden], new int[device.Layers * device.Hidden]);
        Array.Fill(_slotOf, -1);
        Array.Fill(_readOf, -1);
        _left = key =>
        {
            _free.Push(_slotOf[key]);
            _slotOf[key] = -1;
        };
        _recent = new(recent);
        for (var slot = _fixed + recent; slot-- > _fixed;) _free.Push(slot);
        for (var (layer, slot) = (0, 0); layer < device.Layers; slot += staying[layer++].Length) Load(layer, staying[layer], slot);
    }

    /// <summary>Slots for neurons used last: as many may be asked for at once.</summary>
    public int Recent { get; }

    public long Bytes => (long)(_fixed + Recent) * _device.Stride;

    /// <summary>Neurons read since the beginning, those that stay not counted.</summary>
    public long Reads { get; private set; }

    void Load(int layer, int[] neurons, int slot)
    {
        _reads.Clear();
        foreach (var neuron in neurons)
        {
            _slotOf[layer * _device.Hidden + neuron] = slot;
            _reads.Add(new(layer, neuron, At(slot++)));
        }
        _readers.Begin(_reads);
        for (var i = 0; i < _reads.Count; i++) _readers.Await(i);
    }

    /// <summary>Begins to read what is not here. All of these neurons stay until the next call.</summary>
    /// <param name="neurons">At most <see cref="Recent"/>.</param>
    public void Ask(int layer, ReadOnlySpan<int> neurons)
    {
        _reads.Clear();
        // What is here is used first, lest it leave for what is not.
        foreach (var neuron in neurons)
        {
            var key = layer * _device.Hidden + neuron;
            _readOf[key] = -1;
            if (_slotOf[key] >= _fixed) _recent.Find(key);
        }
        foreach (var neuron in neurons)
        {
            var key = layer * _device.Hidden + neuron;
            if (_slotOf[key] >= 0) continue;
            _recent.Keep(key, 1, _left);
            _slotOf[key] = _free.Pop();
            _readOf[key] = _reads.Count;
            _reads.Add(new(layer, neuron, At(_slotOf[key])));
        }
        Reads += _reads.Count;
        if (_reads.Count > 0) _readers.Begin(_reads);
    }

    /// <summary>Where a neuron lies that was asked for, as soon as it is there.</summary>
    public byte* Await(int layer, int neuron)
    {
        var key = layer * _device.Hidden + neuron;
        if (_readOf[key] >= 0) _readers.Await(_readOf[key]);
        return (byte*)At(_slotOf[key]);
    }

    /// <summary>Lets go of all but those that stay, and counts anew.</summary>
    public void Forget()
    {
        for (var key = 0; key < _slotOf.Length; key++) if (_slotOf[key] >= _fixed) _left(key);
        (_recent, Reads) = (new(Recent), 0);
    }

    nint At(int slot) => (nint)(_memory.Pointer + (long)slot * _device.Stride);

    public void Dispose() => _memory.Dispose();
}
