namespace Harness.Queue.Protocol;

/// <summary>What a device is doing, or why it does nothing.</summary>
public enum DeviceState { Offline, Idle, Leased, Cooling, Running, Uploading, Quarantined, Retired }

/// <summary>Every answer: either the value of its verb, or the refusal.</summary>
public sealed record Answer<T>(T? Value, Refusal? Refusal = null, string? Reason = null) where T : class;

/// <summary>Offset of the coordinator's clock from the device's in seconds, and how far off that may be (half a round trip).</summary>
public sealed record ClockOffset(double Seconds, double Uncertainty, int Exchanges);

/// <summary>What a golden workload told of a device.</summary>
/// <param name="Hash">Of its result: the same on every device that computes right.</param>
public sealed record HealthReport(bool Passed, string Hash, double CanarySeconds, string? Reason, DateTimeOffset At);

/// <summary>Verb <c>hello</c>: who the device is and what it does now; also its sign of life while it is idle.</summary>
public sealed record HelloRequest(DeviceCard Card, string Driver, string Version, DeviceState State)
{
    public string? Note { get; init; }
    public ClockOffset? Clock { get; init; }
    public HealthReport? Health { get; init; }
    public double? Celsius { get; init; }
    public double? BatteryPercent { get; init; }
}

/// <param name="LeaseSeconds">How long a lease holds; renew it three times in that span.</param>
/// <param name="Standing">What the coordinator makes of the device: idle, quarantined or retired.</param>
public sealed record HelloAnswer(string Name, string Class, double LeaseSeconds, DeviceState Standing, bool Draining, bool WantsHealth);

/// <summary>Verb <c>clock</c>: one exchange of the kind of NTP; both stamps are by the coordinator's clock.</summary>
public sealed record ClockAnswer(DateTimeOffset Received, DateTimeOffset Sent);

/// <summary>Verb <c>lease</c>.</summary>
/// <param name="WaitSeconds">How long the coordinator may hold the request open until there is a job.</param>
/// <param name="Holding">Jobs of leases that the device knows of, so that an answer that was lost is given again.</param>
public sealed record LeaseRequest(double WaitSeconds, IReadOnlyList<string> Holding);

/// <param name="Lease">Null where there is nothing to do.</param>
public sealed record LeaseAnswer(Lease? Lease, HelloAnswer Standing);

/// <summary>Verbs <c>renew</c> and <c>progress</c>: the device still works on it.</summary>
public sealed record ProgressRequest(string Job, long Token, DeviceState State)
{
    public string? Phase { get; init; }
    public TrainingPoint? Point { get; init; }
    public double? Celsius { get; init; }
}

/// <summary>Verb <c>fetch</c>: a piece of a file of the bundle; its bytes follow the line of the answer.</summary>
public sealed record FetchRequest(string Job, long Token, string Hash, long Offset);

public sealed record FetchAnswer(long Offset, long Total);

/// <summary>Verb <c>put</c>: a piece of the observations; its bytes follow the line.</summary>
public sealed record PutRequest(string Job, long Token, string Hash, long Total, long Offset);

/// <param name="Held">Where the next piece begins.</param>
public sealed record PutAnswer(long Held);

/// <summary>What a device vouches for: the signed text of a result.</summary>
/// <param name="Observations">Hash and length of the observation lines, compressed with gzip.</param>
public sealed record Envelope(string Job, long Token, string Device, DeviceCard Card, RunState State, string? Reason, string Observations,
    long Bytes, DateTimeOffset Started, DateTimeOffset Ended, ClockOffset? Clock);

/// <summary>Verb <c>done</c>: the envelope exactly as it was signed.</summary>
public sealed record DoneRequest(string Envelope, string Signature)
{
    /// <summary>Asks for the next job in the same request; it does not wait for one.</summary>
    public LeaseRequest? Next { get; init; }
}

/// <param name="Requeued">True where the run failed for the device's sake and the job gets another attempt.</param>
public sealed record DoneAnswer(Completion Completion, bool Requeued)
{
    public LeaseAnswer? Next { get; init; }
}

/// <summary>Verb <c>release</c>: the device gives the job back without a result.</summary>
public sealed record ReleaseRequest(string Job, long Token, string Reason);

public sealed record ReleaseAnswer(Release Release);

/// <summary>An answer that says no more than that the request was taken.</summary>
public sealed record Done(bool Held);

/// <summary>Asked over a token's connection: take this key into the fleet.</summary>
/// <param name="Signature">Of <see cref="Statement"/>, by the key itself: who enrols a key holds it.</param>
public sealed record EnrolRequest(string Name, string PublicKey, DeviceCard Card, string Signature)
{
    public static string Statement(string token, string name, string publicKey) => $"enrol\n{token}\n{name}\n{publicKey}";
}

public sealed record EnrolAnswer(string Name, string Class);
