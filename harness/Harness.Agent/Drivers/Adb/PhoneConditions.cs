using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Agent.Drivers.Far;
using Harness.Agent.Measuring;

namespace Harness.Agent.Drivers.Adb;

/// <summary>What a phone says of its battery and of its heat; a value it does not state is a reading without one.</summary>
static partial class PhoneConditions
{
    // dumpsys battery counts in tenths of a degree.
    const double Tenth = 0.1;

    /// <summary>State before a run.</summary>
    public static async Task<IReadOnlyList<Reading>> ReadAsync(AdbShell shell, CancellationToken cancellation)
    {
        var battery = await shell.TryAsync("dumpsys battery", cancellation);
        var thermal = await shell.TryAsync("dumpsys thermalservice", cancellation);
        return [.. Battery(battery.Output), .. Thermal(thermal.Output)];
    }

    /// <summary>The same readings as the state after a run.</summary>
    public static IEnumerable<Reading> After(IEnumerable<Reading> readings) => readings.Select(reading => reading with
    {
        Metric = reading.Metric == Quantities.BatteryBefore.Id ? Quantities.BatteryAfter.Id
            : reading.Metric == Quantities.TemperatureBefore.Id ? Quantities.TemperatureAfter.Id : Quantities.ThrottlingAfter.Id,
    });

    static IEnumerable<Reading> Battery(string dump)
    {
        var (level, scale) = (Field(dump, "level"), Field(dump, "scale") ?? 100);
        yield return Told(Quantities.BatteryBefore, level / scale, "dumpsys battery states no level", "battery");
        yield return Told(Quantities.TemperatureBefore, Field(dump, "temperature") * Tenth, "dumpsys battery states no temperature",
            "battery");
    }

    static IEnumerable<Reading> Thermal(string dump)
    {
        var status = Status().Match(dump);
        yield return Told(Quantities.ThrottlingBefore, status.Success ? Number(status.Groups["status"]) : null,
            "dumpsys thermalservice states no status; Android 10 and later do", "thermalservice");
        var current = dump.IndexOf("Current temperatures from HAL", StringComparison.Ordinal) is var start and >= 0 ? dump[start..] : "";
        foreach (Match sensor in Temperature().Matches(current))
            yield return Told(Quantities.TemperatureBefore, Number(sensor.Groups["value"]), "",
                $"thermalservice:{sensor.Groups["name"].Value}");
    }

    static Reading Told(MetricCard quantity, double? value, string absent, string instrument) =>
        new(quantity.Id, value, value is null ? absent : null) { Instrument = instrument };

    static double? Field(string dump, string name) =>
        Regex.Match(dump, $@"^\s*{name}:\s*(?<value>-?\d+)\s*$", RegexOptions.Multiline, TimeSpan.FromMinutes(1)) is { Success: true } found
            ? Number(found.Groups["value"])
            : null;

    static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Thermal Status:\s*(?<status>\d+)", RegexOptions.Multiline, 60_000)]
    private static partial Regex Status();

    [GeneratedRegex(@"Temperature\{mValue=(?<value>-?\d+(\.\d+)?), mType=-?\d+, mName=(?<name>[^,}]+)", RegexOptions.ExplicitCapture,
        60_000)]
    private static partial Regex Temperature();
}
