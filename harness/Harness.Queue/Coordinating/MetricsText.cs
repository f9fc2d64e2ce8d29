using System.Globalization;
using System.Text;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>The state of a fleet in the text format of Prometheus.</summary>
static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IReadOnlyList<DeviceStatus> devices, IReadOnlyList<Depth> depths, IReadOnlyDictionary<string, long> counts)
    {
        var text = new StringBuilder();
        Head(text, "harness_fleet_devices", "gauge", "Enrolled devices by state and class.");
        foreach (var state in Enum.GetValues<DeviceState>())
            foreach (var group in devices.GroupBy(device => device.Device.Class, StringComparer.Ordinal).OrderBy(group => group.Key,
                StringComparer.Ordinal))
                Line(text, "harness_fleet_devices", group.Count(device => device.State == state), ("state", FleetJournal.Word(state)),
                    ("class", group.Key));
        Head(text, "harness_fleet_jobs", "gauge", "Jobs that have not ended, by class; those that wait and those that are leased.");
        foreach (var depth in depths)
        {
            Line(text, "harness_fleet_jobs", depth.Waiting, ("class", depth.Class), ("state", "waiting"));
            Line(text, "harness_fleet_jobs", depth.Leased, ("class", depth.Class), ("state", "leased"));
        }
        Head(text, "harness_fleet_device_temperature_celsius", "gauge", "The hottest sensor of a device, as it said last.");
        foreach (var device in devices.Where(device => device.Celsius is not null))
            Line(text, "harness_fleet_device_temperature_celsius", device.Celsius!.Value, ("device", device.Device.Name));
        Head(text, "harness_fleet_device_clock_offset_seconds", "gauge", "The coordinator's clock minus the device's.");
        foreach (var device in devices.Where(device => device.Device.Clock is not null))
            Line(text, "harness_fleet_device_clock_offset_seconds", device.Device.Clock!.Seconds, ("device", device.Device.Name));
        Head(text, "harness_fleet_events_total", "counter", "Leases, results by what became of them, and other events since the start.");
        foreach (var (name, count) in counts.Where(count => !IsRefusal(count.Key)).OrderBy(count => count.Key, StringComparer.Ordinal))
            Line(text, "harness_fleet_events_total", count, ("event", name));
        Head(text, "harness_fleet_refused_total", "counter", "Requests that were refused since the start, by reason.");
        foreach (var (name, count) in counts.Where(count => IsRefusal(count.Key)).OrderBy(count => count.Key, StringComparer.Ordinal))
            Line(text, "harness_fleet_refused_total", count, ("reason", name["refused:".Length..]));
        return text.ToString();
    }

    static bool IsRefusal(string name) => name.StartsWith("refused:", StringComparison.Ordinal);

    static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    // Labels are names that were checked and words of enumerations: nothing in them needs escaping.
    static void Line(StringBuilder text, string name, double value, params IReadOnlyList<(string Name, string Value)> labels) =>
        text.Append($"{name}{{{string.Join(',', labels.Select(label => $"{label.Name}=\"{label.Value}\""))}}} ")
            .Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
