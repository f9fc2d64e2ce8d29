using Harness.Publishing.Text;

namespace Harness.Publishing.History;

/// <summary>What else is different between two sessions: where to look when a number moved.</summary>
static class Session
{
    public static IEnumerable<string> Differences(Occasion before, Occasion after)
    {
        if (after.Commit != before.Commit) yield return $"commit {Words.Short(before.Commit)} → {Words.Short(after.Commit)}";
        foreach (var (name, read) in Facts)
            if (read(after.Device) != read(
                before.Device)) yield return $"{name} {read(before.Device) ?? "none"} → {read(after.Device) ?? "none"}";
    }

    static readonly (string Name, Func<DeviceCard, string?> Read)[] Facts =
    [
        ("operating system", device => device.OperatingSystem), ("runtime", device => device.Runtime),
            ("allocator", device => device.Allocator),
        ("vector instructions", device => device.Instructions), ("processor", device => device.Processor),
    ];
}
