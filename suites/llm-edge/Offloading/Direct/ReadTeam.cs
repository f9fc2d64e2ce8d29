using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>A neuron to be read, and where to.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct NeuronRead(int Layer, int Neuron, nint To);

/// <summary>
/// Threads that read neurons in the order in which they were asked for, several at a time, while the caller computes: a device answers more
/// reads a second when many are on their way.
/// </summary>
sealed unsafe class ReadTeam : IDisposable
{
    const int SpinsBeforeSleep = 50;
    const int PausesPerSpin = 20;
    const int Nobody = -1;

    readonly INeuronReader _device;
    readonly Thread[] _members;
    readonly object _work = new(), _arrival = new();
    Batch _batch = new([]);
    int _awaited = Nobody;
    bool _closed;
    Exception? _failure;

    /// <exception cref="HarnessException">No threads.</exception>
    public ReadTeam(INeuronReader device, int threads)
    {
        if (threads < 1) throw new HarnessException($"{threads} threads cannot read; give at least 1.");
        _device = device;
        _members = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _members[i] = new(Serve) { IsBackground = true, Name = $"reader {i}" };
            _members[i].Start();
        }
    }

    /// <summary>Reads in their order. Threads take the next one from a counter, without a lock.</summary>
    sealed class Batch(NeuronRead[] reads)
    {
        public readonly NeuronRead[] Reads = reads;
        public readonly int[] Done = new int[reads.Length];
        public int Next;
    }

    /// <summary>Starts reads once all earlier ones are done.</summary>
    public void Begin(IReadOnlyList<NeuronRead> reads)
    {
        for (var i = 0; i < _batch.Reads.Length; i++) Await(i);
        lock (_work)
        {
            _batch = new([.. reads]);
            if (reads.Count < _members.Length) for (var i = 0; i < reads.Count; i++) Monitor.Pulse(_work);
            else Monitor.PulseAll(_work);
        }
    }

    /// <summary>Returns when a read of the last <see cref="Begin"/> is done.</summary>
    /// <exception cref="HarnessException">The file ended early, or could not be read.</exception>
    public void Await(int index)
    {
        for (var spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (Volatile.Read(ref _batch.Done[index]) != 0) break;
            Thread.SpinWait(PausesPerSpin);
        }
        if (Volatile.Read(ref _batch.Done[index]) == 0) Sleep(index);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    // Either the caller sees that the read is done, or its thread sees that the caller waits for it.
    void Sleep(int index)
    {
        lock (_arrival)
        {
            Interlocked.Exchange(ref _awaited, index);
            while (Volatile.Read(ref _batch.Done[index]) == 0) Monitor.Wait(_arrival);
            _awaited = Nobody;
        }
    }

    void Serve()
    {
        for (Batch? last = null; ;)
        {
            lock (_work)
            {
                while (ReferenceEquals(_batch, last) && !_closed) Monitor.Wait(_work);
                if (_closed) return;
                last = _batch;
            }
            for (int index; (index = Interlocked.Increment(ref last.Next) - 1) < last.Reads.Length;) Read(last, index);
        }
    }

    void Read(Batch batch, int index)
    {
        try
        {
            var read = batch.Reads[index];
            _device.Read(read.Layer, read.Neuron, (byte*)read.To);
        }
#pragma warning disable CA1031 // Await rethrows it on the caller's thread
        catch (Exception error)
        {
            _failure = error;
        }
#pragma warning restore CA1031
        Interlocked.Exchange(ref batch.Done[index], 1);
        if (Volatile.Read(ref _awaited) != index) return;
        lock (_arrival) Monitor.Pulse(_arrival);
    }

    public void Dispose()
    {
        lock (_work)
        {
            _closed = true;
            Monitor.PulseAll(_work);
        }
        foreach (var member in _members) member.Join();
    }
}
