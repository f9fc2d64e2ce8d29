using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>What the coordinator keeps of a device on disk.</summary>
/// <param name="PublicKey">Its requests and results are known by this key.</param>
public sealed record FleetDevice(string Name, string Class, string PublicKey, DateTimeOffset Enrolled)
{
    public DeviceCard? Card { get; init; }
    public string? Driver { get; init; }
    /// <summary>Set for good: its key is taken out of the server and the name stays used.</summary>
    public bool Revoked { get; init; }
    public bool Draining { get; init; }
    /// <summary>Why it gets no jobs; null where it may have them.</summary>
    public string? Quarantine { get; init; }
    public HealthReport? Health { get; init; }
    public ClockOffset? Clock { get; init; }
}

/// <summary>A right to enrol one device, once.</summary>
/// <param name="Hash">SHA-256 of the token's public key: its name in logs and subjects.</param>
public sealed record EnrolToken(string Hash, string PublicKey, string Class, DateTimeOffset Expires);

/// <summary>A device as it is now.</summary>
/// <param name="Job">The job it holds, if any.</param>
public sealed record DeviceStatus(FleetDevice Device, DeviceState State, DateTimeOffset? Seen, string? Job, string? Note, double? Celsius,
    double? BatteryPercent);
