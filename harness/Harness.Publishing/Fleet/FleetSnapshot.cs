using System.Text.Json;

namespace Harness.Publishing.Fleet;

/// <summary>The devices of a fleet at one moment, as `harness device list --json` writes them.</summary>
/// <param name="At">When it was written.</param>
public sealed record FleetSnapshot(DateTimeOffset At, IReadOnlyList<FleetEntry> Devices)
{
    static readonly JsonSerializerOptions Options = new(CanonicalJson.Options) { RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true };

    /// <exception cref="HarnessException">The file cannot be read, or is something else; the message says which and what to do.</exception>
    public static FleetSnapshot Read(FileInfo file)
    {
        try
        {
            using var stream = file.OpenRead();
            if (JsonSerializer.Deserialize<FleetSnapshot>(stream, Options) is { } snapshot) return snapshot;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unreadable(file, error.Message, error);
        }
        throw Unreadable(file, "it holds null.", null);
    }

    static HarnessException Unreadable(FileInfo file, string why, Exception? error) =>
        new($"{file.FullName} is no snapshot of a fleet: {why} "
            + "Write one with `harness device list --json > fleet.json`.", error);
}

/// <summary>A device as the coordinator saw it.</summary>
/// <param name="State">A word of docs/fleet.md, e.g. <c>idle</c>.</param>
public sealed record FleetEntry(FleetMember Device, string State)
{
    public DateTimeOffset? Seen { get; init; }
    public string? Note { get; init; }
    public double? Celsius { get; init; }
    public double? BatteryPercent { get; init; }
}

/// <summary>What the coordinator keeps of a device. Keys are not read.</summary>
public sealed record FleetMember(string Name, string Class, DateTimeOffset Enrolled)
{
    public DeviceCard? Card { get; init; }
    public string? Driver { get; init; }
    public bool Revoked { get; init; }
    public bool Draining { get; init; }
    /// <summary>Why it gets no jobs; null where it may have them.</summary>
    public string? Quarantine { get; init; }
    public FleetHealth? Health { get; init; }
    public FleetClock? Clock { get; init; }
}

/// <summary>What the golden workload told of a device.</summary>
public sealed record FleetHealth(bool Passed, double CanarySeconds, DateTimeOffset At)
{
    public string? Reason { get; init; }
}

/// <summary>Offset of the coordinator's clock from the device's, seconds.</summary>
public sealed record FleetClock(double Seconds, double Uncertainty);
