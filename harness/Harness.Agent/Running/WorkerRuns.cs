using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Harness.Agent.Running;

/// <summary>Runs trials at a place, each in a worker of its own, under one set of limits.</summary>
sealed class WorkerRuns(IWorkerPlace place, WorkerLimits limits, TimeProvider time) : IAsyncDisposable
{
    // Enough to keep the worker going, small enough that a slow reader slows the worker and not the machine.
    const int Waiting = 256;

    readonly CancellationTokenSource disposed = new();

    /// <summary>
    /// The last observation is always the one <see cref="Finished"/>; cancelling ends the run as aborted instead of throwing.
    /// Leaving the enumeration early ends the worker.
    /// </summary>
    public async IAsyncEnumerable<Observation> ObserveAsync(RunRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<Observation>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation, disposed.Token);
        using var run = new WorkerRun(place, request, limits, time, channel.Writer, left.Token);
        var running = Task.Run(run.ToEndAsync, CancellationToken.None);
        try
        {
            await foreach (var observation in channel.Reader.ReadAllAsync(CancellationToken.None)) yield return observation;
        }
        finally
        {
            await left.CancelAsync();
            while (await channel.Reader.WaitToReadAsync(CancellationToken.None)) channel.Reader.TryRead(out _);
            await running;
        }
    }

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync();
        disposed.Dispose();
    }
}
