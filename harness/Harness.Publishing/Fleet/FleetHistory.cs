namespace Harness.Publishing.Fleet;

/// <summary>A health check of a device of the fleet.</summary>
/// <param name="Pace">Time of the canary over that of the first check that passed; null for that one and where none did.</param>
public sealed record HealthCheck(string Device, FleetHealth Report, double? Pace);

/// <summary>Snapshots of a fleet in the order of time.</summary>
public sealed class FleetHistory
{
    public FleetHistory(IEnumerable<FleetSnapshot> snapshots)
    {
        Snapshots = [.. snapshots.OrderBy(snapshot => snapshot.At).ThenBy(CanonicalJson.Write, StringComparer.Ordinal)];
        Checks = [.. Snapshots.SelectMany(snapshot => snapshot.Devices).Select(entry => entry.Device)
            .Where(device => device.Health is not null).GroupBy(device => device.Name).SelectMany(ChecksOf)
            .OrderByDescending(check => check.Report.At).ThenBy(check => check.Device, StringComparer.Ordinal)];
    }

    public IReadOnlyList<FleetSnapshot> Snapshots { get; }

    /// <summary>Null where none was given.</summary>
    public FleetSnapshot? Newest => Snapshots.Count > 0 ? Snapshots[^1] : null;

    /// <summary>Every check that a snapshot holds, the newest first.</summary>
    public IReadOnlyList<HealthCheck> Checks { get; }

    /// <summary>The device of this name in the newest snapshot.</summary>
    public FleetEntry? FindOrNull(string name) => Newest?.Devices.FirstOrDefault(entry => entry.Device.Name == name);

    static IEnumerable<HealthCheck> ChecksOf(IGrouping<string, FleetMember> devices)
    {
        FleetHealth[] reports = [.. devices.Select(device => device.Health!).DistinctBy(report => report.At).OrderBy(report => report.At)];
        var first = Array.Find(reports, report => report.Passed);
        return reports.Select(report => new HealthCheck(devices.Key, report,
            report.Passed && report != first && first is { CanarySeconds: > 0 } ? report.CanarySeconds / first.CanarySeconds : null));
    }
}
