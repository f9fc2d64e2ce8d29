using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Harness.Agent.Drivers.Far;
using Harness.Agent.Measuring;

namespace Harness.Agent.Drivers.Adb;

/// <summary>Completes the card that the worker prints on a phone with what only the phone's system knows.</summary>
static partial class PhoneInventory
{
    const string Question = "getprop; echo; cat /proc/meminfo; " +
        "echo Governors: $(cat /sys/devices/system/cpu/cpufreq/policy*/scaling_governor 2>/dev/null | sort -u)";

    const int HashCharacters = 8;

    public static async Task<DeviceCard> ReadAsync(AdbShell shell, string serial, DeviceCard own, CancellationToken cancellation)
    {
        var text = await shell.RunAsync(Question, cancellation);
        var properties = Property().Matches(text).ToLookup(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        string? Of(params string[] names) => names.SelectMany(name => properties[name]).FirstOrDefault(value => value.Length > 0);

        var model = Of("ro.product.model")
            ?? throw new HarnessException($"The phone {serial} states no ro.product.model: is it an Android?");
        var soc = Of("ro.soc.model", "ro.board.platform", "ro.hardware");
        var emulated = own.Emulated || Of("ro.kernel.qemu", "ro.boot.qemu") == "1";
        var unit = Hash(Of("ro.serialno", "ro.boot.serialno") ?? serial);
        var conditions = await PhoneConditions.ReadAsync(shell, cancellation);
        return own with
        {
            Id = $"{LocalDevice.Slug(model)}-{unit}{(emulated ? "-emulated" : "")}",
            Processor = string.Join(' ', new[] { Of("ro.soc.manufacturer"), soc ?? own.Processor }.OfType<string>()),
            MemoryBytes = Memory(text) ?? own.MemoryBytes,
            OperatingSystem = $"Android {Of("ro.build.version.release") ?? "of unknown version"} {Of("ro.product.cpu.abi")}".TrimEnd(),
            Emulated = emulated,
            Sensors = [.. own.Sensors.Concat(conditions.Where(reading => reading.Value is not null).Select(reading => reading.Instrument!))
                .Distinct()],
            Details = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["governor"] = Governors().Match(text) is { Success: true } found ? found.Groups["names"].Value.Trim() : "not readable",
                ["manufacturer"] = Of("ro.product.manufacturer") ?? "not stated",
                ["model"] = model,
                ["soc"] = soc ?? "not stated",
                ["unit"] = unit,
            },
        };
    }

    // A serial number tells one phone from another of its model; what is published must not tell whose it is.
    static string Hash(string serial) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"harness unit {serial}")))[..HashCharacters];

    static long? Memory(string text) => MemoryTotal().Match(text) is { Success: true } found
        ? 1024 * long.Parse(found.Groups["kilobytes"].Value, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"^\[(?<name>[^\]]+)\]: \[(?<value>[^\]]*)\]", RegexOptions.Multiline, 60_000)]
    private static partial Regex Property();

    [GeneratedRegex(@"^Governors: (?<names>\S.*)$", RegexOptions.Multiline, 60_000)]
    private static partial Regex Governors();

    [GeneratedRegex(@"^MemTotal:\s*(?<kilobytes>\d+) kB", RegexOptions.Multiline, 60_000)]
    private static partial Regex MemoryTotal();
}
