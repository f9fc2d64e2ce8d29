namespace Harness.Agent.Running;

/// <summary>How a worker is started: any program that speaks the worker protocol.</summary>
/// <param name="FileName">A path, or a name that is looked up in PATH.</param>
public sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Set on top of the agent's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string? WorkingDirectory { get; init; }
}

/// <summary>What a worker may use before the agent ends it. A limit that bites is the reason of the row.</summary>
public sealed record WorkerLimits
{
    /// <summary>From start to end of a run.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromHours(4);
    /// <summary>Longest time without a line on standard output.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Resident bytes of the worker and everything it started; null is no limit.</summary>
    public long? MemoryBytes { get; init; }
    /// <summary>How long a cancelled worker has after the cancel line, and again after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Time between two looks at memory.</summary>
    public TimeSpan MemoryPeriod { get; init; } = TimeSpan.FromMilliseconds(50);
    public int LineBytes { get; init; } = WorkerLine.MaximumBytes;

    /// <summary>The limits of a job as a worker's; null has none of its own.</summary>
    public static WorkerLimits Of(Queue.JobLimits? job)
    {
        var limits = new WorkerLimits { MemoryBytes = job?.MemoryBytes };
        return job?.Seconds is { } seconds ? limits with { Time = TimeSpan.FromSeconds(seconds) } : limits;
    }
}
