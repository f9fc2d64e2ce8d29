using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// The battery of an Android phone as <c>dumpsys battery</c> prints it, beside <c>/sys/class/power_supply/battery/current_now</c>: power is
/// voltage times current while no charger is connected.
/// </summary>
/// <param name="dump">Gives the text of <c>dumpsys battery</c>, e.g. through adb.</param>
/// <param name="current">Gives the current in µA, as the gauge states it.</param>
public sealed partial class AndroidBattery(Func<string> dump, Func<string> current) : IMeter
{
    public MeterCard Card { get; } = new("battery:android", "whole phone, from the battery", "E2", TimeSpan.FromSeconds(1),
        "fuel gauges update between 0.25 s and 30 s; no bound is published") { MaximumWatts = 30 };

    public MeterSample Read(double seconds)
    {
        try
        {
            var text = dump();
            if (Powered().Match(text) is { Success: true } charger)
                return new(seconds, null, null, $"the phone is fed ('{charger.Value.Trim()}'): unplug it or cut the charge line");
            // 3 is BATTERY_STATUS_DISCHARGING of android.os.BatteryManager.
            if (Field(text, "status") is not 3) return new(seconds, null, null,
                $"battery status is {Field(text, "status")}, not 3 (discharging)");
            if (Field(text, "voltage") is not > 0 and var voltage) return new(seconds, null, null, $"voltage is {voltage}");
            return double.TryParse(current().Trim(), CultureInfo.InvariantCulture, out var microamperes)
                ? new(seconds, null, Math.Abs(microamperes) * 1e-6 * Field(text, "voltage")!.Value * 1e-3)
                : new(seconds, null, null, "the gauge states no current");
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or TimeoutException)
        {
            return new(seconds, null, null, error.Message);
        }
    }

    public void Dispose() { }

    static long? Field(string text, string name) =>
        Regex.Match(text, $@"^\s*{name}:\s*(-?\d+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) is
        { Success: true } found ? long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^\s*(AC|USB|Wireless|Dock) powered: true\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Powered();
}
