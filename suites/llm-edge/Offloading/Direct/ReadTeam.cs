using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>A neuron to be read, and where to.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct NeuronRead(int Layer, int Neuron, nint To);

/// <summary>
/// Threads that read neurons in the order in which they were asked for, several at a time, while the caller computes: a device answers more
/// reads a second when some are on their way.
/// </summary>
sealed unsafe class ReadTeam : IDisposable
{
    const int SpinsBeforeSleep = 50;
    const int PausesPerSpin = 20;

    readonly INeuronReader _device;
    readonly Thread[] _members;
    readonly object _gate = new();
    readonly List<NeuronRead> _reads = [];
    int[] _done = [];
    int _next, _finished;
    bool _waiting, _closed;
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

    /// <summary>Starts reads once all earlier ones are done.</summary>
    public void Begin(IReadOnlyList<NeuronRead> reads)
    {
        lock (_gate)
        {
            WaitUntil(() => _finished == _reads.Count);
            _reads.Clear();
            _reads.AddRange(reads);
            if (_done.Length < reads.Count) _done = new int[2 * reads.Count];
            Array.Clear(_done);
            (_next, _finished) = (0, 0);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when a read of the last <see cref="Begin"/> is done.</summary>
    /// <exception cref="HarnessException">The file ended early, or could not be read.</exception>
    public void Await(int index)
    {
        for (var spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (Volatile.Read(ref _done[index]) != 0) return;
            Thread.SpinWait(PausesPerSpin);
        }
        lock (_gate) WaitUntil(() => _done[index] != 0);
    }

    void WaitUntil(Func<bool> there)
    {
        while (!there() && _failure is null)
        {
            _waiting = true;
            Monitor.Wait(_gate);
        }
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    void Serve()
    {
        while (TakeOrNull() is var (index, read))
        {
            Exception? failure = null;
            try
            {
                _device.Read(read.Layer, read.Neuron, (byte*)read.To);
            }
#pragma warning disable CA1031 // Await rethrows it on the caller's thread
            catch (Exception error)
            {
                failure = error;
            }
#pragma warning restore CA1031
            lock (_gate)
            {
                _failure ??= failure;
                Volatile.Write(ref _done[index], 1);
                _finished++;
                if (!_waiting) continue;
                _waiting = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    (int Index, NeuronRead Read)? TakeOrNull()
    {
        lock (_gate)
        {
            while (_next >= _reads.Count && !_closed) Monitor.Wait(_gate);
            if (_closed) return null;
            return (_next, _reads[_next++]);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var member in _members) member.Join();
    }
}
