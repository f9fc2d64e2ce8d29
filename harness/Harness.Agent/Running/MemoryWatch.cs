using Harness.Core.Scoring;

namespace Harness.Agent.Running;

/// <summary>Looks at the memory of a worker from outside and reports when a limit is passed.</summary>
sealed class MemoryWatch(ProcessTree tree, int worker, WorkerLimits limits, TimeProvider time)
{
    static readonly TimeSpan TreePeriod = TimeSpan.FromSeconds(1);

    long? peak;
    IReadOnlyList<int> members = [worker];
    long membersRead;

    public Reading Peak => peak is { } bytes
        ? new(DerivedMetrics.PeakMemory.Id, bytes)
        : new(DerivedMetrics.PeakMemory.Id, null, "The worker ended before its memory could be read from /proc.");

    /// <summary>Looks until cancelled.</summary>
    /// <param name="exceeded">Called once, with the reason, when the limit is passed.</param>
    public async Task WatchAsync(Action<string> exceeded, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(limits.MemoryPeriod, time);
        try
        {
            do
                if (Look() is { } used && used > limits.MemoryBytes)
                {
                    exceeded($"out of memory: used {Gigabytes(used)}, limit {Gigabytes(limits.MemoryBytes!.Value)}; " +
                        "raise limits.memory or lower the batch");
                    return;
                }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { return; }
    }

    /// <summary>Resident bytes of the worker and its descendants now; null when it is gone.</summary>
    public long? Look()
    {
        if (membersRead == 0 || time.GetElapsedTime(membersRead) > TreePeriod)
        {
            members = tree.Members();
            membersRead = time.GetTimestamp();
        }
        if (ProcessTree.ResidentOrNull(worker) is not { } used) return null;
        used += members.Where(member => member != worker).Sum(member => ProcessTree.ResidentOrNull(member) ?? 0);
        peak = new[] { peak ?? 0, used, ProcessTree.PeakOrNull(worker) ?? 0 }.Max();
        return used;
    }

    static string Gigabytes(long bytes) => bytes >= 100_000_000 ? $"{bytes / 1e9:0.0} GB" : $"{bytes / 1e6:0.0} MB";
}
