namespace Harness.Agent.Running;

/// <summary>A place where workers can be started: this machine, a phone, a cluster.</summary>
interface IWorkerPlace
{
    /// <exception cref="HarnessException">A worker cannot be started there.</exception>
    Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation);
}

/// <summary>
/// A worker that has been started, near or far. Disposing it leaves nothing of it behind. It has more members than three because a worker
/// has three streams and can be ended in two ways; the run decides when, the place how.
/// </summary>
interface IWorkerChannel : IAsyncDisposable
{
    /// <summary>Takes requests; closing it tells the worker that nothing more will come.</summary>
    Stream Input { get; }
    Stream Output { get; }
    /// <summary>Last lines of standard error so far; empty where there are none.</summary>
    string Log { get; }

    /// <summary>
    /// Ends when the worker is gone and its log is read: the exit code, 128 + n after signal n, or null where the place does not tell.
    /// </summary>
    Task<int?> Ended { get; }

    /// <summary>Asks the worker to end, as SIGTERM does.</summary>
    ValueTask TerminateAsync();

    /// <summary>Ends the worker and what it started; returns when it is gone or its place is out of reach.</summary>
    ValueTask KillAsync();

    /// <summary>Holds the worker to limits that only the place can see, until cancelled.</summary>
    /// <param name="exceeded">Called at most once, with the reason.</param>
    Task WatchAsync(WorkerLimits limits, Action<string> exceeded, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What the place itself saw of the run; asked once, when the worker has said its last line and may still live.</summary>
    ValueTask<IReadOnlyList<Reading>> ReadAsync() => ValueTask.FromResult<IReadOnlyList<Reading>>([]);
}
