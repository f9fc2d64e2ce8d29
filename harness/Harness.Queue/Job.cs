using System.Text.Json.Serialization;

namespace Harness.Queue;

/// <summary>
/// What a file of a bundle is for: the text of the plan, an assembly with a suite, weights, or a file of a protocol's data.
/// </summary>
public enum ArtefactKind { Plan, Plugin, Weights, Data }

/// <summary>A file of a bundle, named by its content.</summary>
/// <param name="Name">Its name on the device, checked by <see cref="Blobs.ArtefactName"/>.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
public sealed record Artefact(ArtefactKind Kind, string Name, string Hash, long Bytes);

/// <summary>What a run may cost; null is no limit.</summary>
public sealed record JobLimits(double? Seconds, long? MemoryBytes);

/// <summary>One trial to be run once, with every file it needs. <see cref="Id"/> is a hash of the content.</summary>
/// <param name="Session">The session that asked for it.</param>
/// <param name="Repetition">How many runs of this trial the session had already asked for.</param>
public sealed record Job(string Session, int Repetition, Trial Trial, IReadOnlyList<Artefact> Bundle, JobLimits Limits)
{
    string? _id;

    /// <summary>What <c>with</c> makes is another job: it does not take the id over.</summary>
    Job(Job other) =>
        (Session, Repetition, Trial, Bundle, Limits) = (other.Session, other.Repetition, other.Trial, other.Bundle, other.Limits);

    [JsonIgnore] public string Id => _id ??= CanonicalJson.Hash(this)[..32];

    /// <summary>The job of a store that keeps it under its id: the hash need not be computed again.</summary>
    public Job Known(string id)
    {
        _id = id;
        return this;
    }

    public bool Equals(Job? other) => other is not null && Id == other.Id;
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <summary>Devices of this class may lease it.</summary>
    [JsonIgnore] public string Class => Trial.DeviceClass;
}

/// <summary>Names a lease. The token grows with every lease of the job: whoever shows an old one has lost it.</summary>
public sealed record LeaseKey(string Job, long Token, string Device);

/// <summary>A job in the hands of a device, until the lease is renewed, given back, or past.</summary>
public sealed record Lease(Job Job, long Token, string Device, TimeSpan Duration)
{
    [JsonIgnore] public LeaseKey Key => new(Job.Id, Token, Device);
}

/// <summary>How a job ended: what the device said and signed. The queue stores it and does not read it.</summary>
/// <param name="Envelope">The text that was signed; empty where the queue itself gave the job up.</param>
public sealed record JobResult(LeaseKey Lease, RunState State, string? Reason, string Envelope, string Signature);

/// <summary>A result with its place in the order of arrival.</summary>
public sealed record StoredResult(long Sequence, JobResult Result);

/// <summary>How an attempt ended; <see cref="Leased"/> while it goes on.</summary>
public enum AttemptEnd { Leased, Lost, Released, Completed, Stale }

/// <summary>One lease of a job and what became of it.</summary>
public sealed record Attempt(long Token, string Device, DateTimeOffset Leased, AttemptEnd End, string? Reason);

/// <summary>What became of a result that a device brought.</summary>
public enum Completion
{
    /// <summary>It is the job's one result, durably.</summary>
    Accepted,
    /// <summary>Exactly this attempt's result was stored before: a repeated request.</summary>
    Duplicate,
    /// <summary>Another attempt holds the job or has ended it; the result is kept apart and never merged.</summary>
    Stale,
    /// <summary>This device never held such a lease; nothing is kept.</summary>
    Unknown,
}

/// <summary>What became of a job that a device gave back.</summary>
public enum Release
{
    /// <summary>It waits for its next attempt.</summary>
    Requeued,
    /// <summary>It has been tried often enough: the lease stands, and the device brings the failure as the result.</summary>
    Exhausted,
    /// <summary>The device does not hold it.</summary>
    Stale,
}

/// <summary>When a queue gives up and how long it waits.</summary>
public sealed record QueueRules
{
    public static QueueRules Default { get; } = new();

    /// <summary>How long a lease holds without being renewed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Further attempts after an attempt that failed for the device's sake.</summary>
    public int Retries { get; init; } = 2;
    /// <summary>Leases that may pass without a word before the job counts as one that takes its devices down.</summary>
    public int Losses { get; init; } = 5;
    /// <summary>Wait before the first retry; each further one waits twice as long. For as long again another device is preferred.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The reason of a job that was given up because its devices fell silent.</summary>
    public static string LostTooOften(int losses) =>
        $"{losses} devices took this job and were not heard of again: it may take its devices down. See `harness device logs`.";

    public TimeSpan BackOffAfter(int failures) => BackOff * Math.Pow(2, Math.Max(0, failures - 1));
}

/// <summary>How many jobs of a class wait and how many are leased.</summary>
public sealed record Depth(string Class, int Waiting, int Leased);
