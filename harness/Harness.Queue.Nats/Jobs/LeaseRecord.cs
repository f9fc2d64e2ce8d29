namespace Harness.Queue.Nats.Jobs;

/// <summary>What is kept of a job once it was leased, as the last message of its subject in the stream of leases.</summary>
/// <param name="Token">Of the newest lease.</param>
/// <param name="Device">Who holds it; null where it waits for its next attempt.</param>
/// <param name="Ack">The subject that acknowledges the delivery; it outlives the process that received it.</param>
sealed record LeaseRecord(Job Job, long Token, string? Device, string Ack, int Failures, int Losses, DateTimeOffset Due, string? Avoid,
    DateTimeOffset AvoidUntil, IReadOnlyList<Attempt> Attempts)
{
    public LeaseRecord Ended(long token, AttemptEnd end, string? reason) => this with
    {
        Attempts = [.. Attempts.Select(attempt => attempt.Token == token ? attempt with { End = end, Reason = reason } : attempt)],
    };
}

/// <summary>A job as this process sees it: a copy of what the streams say, under a lock of its own.</summary>
sealed class JobEntry : IDisposable
{
    public SemaphoreSlim Gate { get; } = new(1, 1);
    public LeaseRecord? Record { get; set; }
    /// <summary>Sequence of <see cref="Record"/>; 0 where there is none. Writing the next one demands that it is the last.</summary>
    public ulong RecordSequence { get; set; }
    public List<JobResult> Stale { get; } = [];
    /// <summary>Time stamp until which the lease holds by this process's clock.</summary>
    public long Until { get; set; }

    public bool IsHeldBy(LeaseKey lease) => Record is { } record && record.Token == lease.Token
        && record.Device == lease.Device;

    public void Dispose() => Gate.Dispose();
}
