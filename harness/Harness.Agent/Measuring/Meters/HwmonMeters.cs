namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// Sensors of hwmon: <c>energyN_input</c> (µJ), <c>powerN_input</c> (µW), and rails of the INA3221 of Jetson boards, which give
/// <c>inN_input</c> (mV) and <c>currN_input</c> (mA). Where a chip offers several, the first of this list is taken per channel.
/// </summary>
public sealed class HwmonMeters(string sysfs) : IMeterKind
{
    public string Name => "hwmon";

    public IReadOnlyList<IMeter> Find(out string? absent)
    {
        var folder = Path.Combine(sysfs, "class", "hwmon");
        IMeter[] meters = [.. SystemFiles.Folders(folder, "hwmon*").SelectMany(Of)];
        absent = meters.Length == 0 ? $"{folder} has no chip with energy, power or rail sensors" : null;
        return meters;
    }

    static IEnumerable<IMeter> Of(string chip)
    {
        var name = SystemFiles.Text(Path.Combine(chip, "name"), out _) ?? Path.GetFileName(chip);
        for (var channel = 1; channel <= 32; channel++)
            if (ChannelOrNull(chip, name, channel) is { } meter) yield return meter;
    }

    static IMeter? ChannelOrNull(string chip, string name, int channel)
    {
        string File(string kind, string suffix = "input") => Path.Combine(chip, $"{kind}{channel}_{suffix}");
        var rail = SystemFiles.Text(File("in", "label"), out _) ?? SystemFiles.Text(File("power", "label"), out _)
            ?? SystemFiles.Text(File("energy", "label"), out _) ?? $"channel {channel}";
        var period = TimeSpan.FromMilliseconds(
            SystemFiles.Number(Path.Combine(chip, "update_interval"), out _) is { } interval and > 0 ? interval : 100);
        var card = new MeterCard($"hwmon:{name}:{rail}", $"rail {rail} of {name}", "E2", period,
            name.StartsWith("ina3221", StringComparison.Ordinal) ? "±1 % of full scale with the shunt's tolerance (TI INA3221)" : null);
        if (System.IO.File.Exists(File("energy"))) return new SysfsCounter(card, File("energy"), 1e-6);
        if (System.IO.File.Exists(File("power"))) return new SysfsPower(card, [File("power")], 1e-6);
        return System.IO.File.Exists(File("in")) && System.IO.File.Exists(File("curr"))
            ? new SysfsPower(card, [File("in"), File("curr")], 1e-6) : null;
    }
}

/// <summary>
/// The fuel gauge of a battery in sysfs: <c>power_now</c>, or <c>voltage_now · current_now</c>, valid only while it discharges: a charger
/// that feeds the device makes every number meaningless.
/// </summary>
public sealed class BatteryMeters(string sysfs) : IMeterKind
{
    public string Name => "battery";

    public IReadOnlyList<IMeter> Find(out string? absent)
    {
        var folder = Path.Combine(sysfs, "class", "power_supply");
        IMeter[] meters = [.. SystemFiles.Folders(folder, "*")
            .Where(supply => SystemFiles.Text(Path.Combine(supply, "type"), out _) == "Battery").Select(OfOrNull).OfType<IMeter>()];
        absent = meters.Length == 0 ? $"{folder} has no battery with a current or power gauge" : null;
        return meters;
    }

    static IMeter? OfOrNull(string supply)
    {
        string File(string name) => Path.Combine(supply, name);
        string? Charging() => SystemFiles.Text(File("status"), out var reason) switch
        {
            "Discharging" => null,
            null => reason,
            var status => $"the battery is '{status}', not discharging: unplug the charger",
        };
        var card = new MeterCard($"battery:{Path.GetFileName(supply)}", "whole device, from the battery", "E2",
            TimeSpan.FromSeconds(1), null) { MaximumWatts = 200 };
        if (System.IO.File.Exists(File("power_now"))) return new Drain(new SysfsPower(card, [File("power_now")], 1e-6, Charging));
        return System.IO.File.Exists(File("current_now")) && System.IO.File.Exists(File("voltage_now"))
            ? new Drain(new SysfsPower(card, [File("current_now"), File("voltage_now")], 1e-12, Charging)) : null;
    }

    // Drivers disagree on the sign of a discharging current; that it discharges is known from its state.
    sealed class Drain(IMeter meter) : IMeter
    {
        public MeterCard Card => meter.Card;
        public MeterSample Read(double seconds) => meter.Read(seconds) is var sample && sample.Watts is { } watts
            ? sample with { Watts = Math.Abs(watts) } : sample;
        public void Dispose() => meter.Dispose();
    }
}
