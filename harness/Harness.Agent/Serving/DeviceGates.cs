using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Serving;

/// <summary>How a device feels; null is not known.</summary>
public sealed record DeviceCondition(double? Celsius, double? BatteryPercent, bool? Charging);

/// <summary>When a device may start a run: a hot one is slow, and one that runs out of battery loses the run.</summary>
/// <param name="Condition">Looks at the sensors.</param>
public sealed record DeviceGates(Func<DeviceCondition> Condition)
{
    public static DeviceGates None { get; } = new(() => new(null, null, null));

    /// <summary>No run starts at or above it.</summary>
    public double HighestCelsius { get; init; } = 70;
    /// <summary>No run starts below it while no charger is connected.</summary>
    public double LowestBatteryPercent { get; init; } = 20;

    /// <summary>Reads the thermal zones and the battery of a sysfs tree.</summary>
    /// <param name="sysfs"><c>/sys</c> on a machine and a faithful fake in tests.</param>
    public static DeviceGates OfSysfs(string sysfs) => new(() => new(Hottest(sysfs), Battery(sysfs), Charging(sysfs)));

    /// <summary>Why no run may start now, or null.</summary>
    public string? ObstacleOrNull(DeviceCondition condition)
    {
        if (condition.Celsius >= HighestCelsius)
            return $"cooling: {condition.Celsius:0.#} °C, a run starts below {HighestCelsius:0.#} °C";
        if (condition.BatteryPercent < LowestBatteryPercent && condition.Charging != true)
            return $"charging: the battery holds {condition.BatteryPercent:0.#} %, a run starts from {LowestBatteryPercent:0.#} % on";
        return null;
    }

    static double? Hottest(string sysfs) => SystemFiles.Folders(Path.Combine(sysfs, "class", "thermal"), "thermal_zone*")
        .Select(zone => SystemFiles.Number(Path.Combine(zone, "temp"), out _) / 1000)
        .Where(celsius => celsius is > -55 and < 200).Max();

    static double? Battery(string sysfs) => Batteries(sysfs).Select(supply => SystemFiles.Number(Path.Combine(supply, "capacity"), out _))
        .FirstOrDefault(percent => percent is >= 0 and <= 100);

    static bool? Charging(string sysfs) => Batteries(sysfs).Select(supply => SystemFiles.Text(Path.Combine(supply, "status"), out _))
        .FirstOrDefault() is { } status ? status is "Charging" or "Full" or "Not charging" : null;

    static IEnumerable<string> Batteries(string sysfs) => SystemFiles.Folders(Path.Combine(sysfs, "class", "power_supply"), "*")
        .Where(supply => SystemFiles.Text(Path.Combine(supply, "type"), out _) == "Battery");
}
