using System.Runtime.ExceptionServices;

namespace Suites.LlmEdge.Kernels;

/// <summary>Work that falls into parts which any thread may take.</summary>
interface IShared
{
    /// <param name="worker">0 is the caller; each worker runs one part at a time, so it may own scratch memory.</param>
    void Run(int part, int worker);
}

/// <summary>
/// The engine's own threads. They take parts from one counter, so that a core that is busy elsewhere delays one part and not a share.
/// Between two calls they spin for some microseconds, then sleep. Nothing is allocated by a call.
/// </summary>
sealed class Team : IDisposable
{
    const int SpinsBeforeSleep = 400;
    const int PausesPerSpin = 12;

    readonly Thread[] _members;
    readonly object _gate = new();
    IShared? _work;
    int _parts, _next, _busy, _sleeping;
    volatile int _call;
    volatile bool _closed;
    volatile Exception? _failure;

    /// <param name="threads">The caller included.</param>
    public Team(int threads)
    {
        if (threads < 1) throw new HarnessException($"{threads} threads cannot compute; give at least 1.");
        _members = new Thread[threads - 1];
        for (var i = 0; i < _members.Length; i++)
        {
            var worker = i + 1;
            _members[i] = new(() => Serve(worker)) { IsBackground = true, Name = $"llm {worker}" };
            _members[i].Start();
        }
    }

    public int Threads => _members.Length + 1;

    /// <summary>Runs parts 0..<paramref name="parts"/>-1 and waits for all of them.</summary>
    public void Run(IShared work, int parts)
    {
        if (_members.Length == 0 || parts < 2)
        {
            for (var part = 0; part < parts; part++) work.Run(part, 0);
            return;
        }
        (_work, _parts, _next) = (work, parts, 0);
        Volatile.Write(ref _busy, _members.Length);
        Interlocked.Increment(ref _call);
        if (Volatile.Read(ref _sleeping) > 0) Wake();
        Take(work, parts, 0);
        for (var spins = 0; Volatile.Read(ref _busy) > 0; spins++)
            if (spins < SpinsBeforeSleep) Thread.SpinWait(PausesPerSpin);
            else Thread.Yield();
        _work = null;
        if (_failure is not { } failure) return;
        _failure = null;
        ExceptionDispatchInfo.Throw(failure);
    }

    void Take(IShared work, int parts, int worker)
    {
        try
        {
            for (int part; (part = Interlocked.Increment(ref _next) - 1) < parts;) work.Run(part, worker);
        }
#pragma warning disable CA1031 // Run rethrows it on the caller's thread
        catch (Exception error)
        {
            _failure = error;
            Volatile.Write(ref _next, parts);
        }
#pragma warning restore CA1031
    }

    void Serve(int worker)
    {
        for (var seen = 0; ;)
        {
            Await(seen);
            if (_closed) return;
            seen = _call;
            Take(_work!, _parts, worker);
            Interlocked.Decrement(ref _busy);
        }
    }

    // A sleeper looks once more after it has said that it sleeps: either it sees the call, or the caller sees the sleeper.
    void Await(int seen)
    {
        for (var spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (_call != seen || _closed) return;
            Thread.SpinWait(PausesPerSpin);
        }
        lock (_gate)
        {
            Interlocked.Increment(ref _sleeping);
            while (_call == seen && !_closed) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleeping);
        }
    }

    void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        Wake();
        foreach (var member in _members) member.Join();
    }
}
