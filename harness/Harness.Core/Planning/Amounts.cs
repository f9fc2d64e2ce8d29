using System.Globalization;

namespace Harness.Core.Planning;

/// <summary>Amounts with a unit as a plan writes them.</summary>
public static class Amounts
{
    public const string TimeForm = "a number and a unit s, m or h, e.g. 25m";
    public const string MemoryForm = "a number and a unit KB, MB, GB, KiB, MiB or GiB, e.g. 6GB";

    static readonly Dictionary<string, double> Seconds = new(StringComparer.Ordinal) { ["s"] = 1, ["m"] = 60, ["h"] = 3600 };

    static readonly Dictionary<string, double> Bytes = new(StringComparer.Ordinal)
    {
        ["KB"] = 1e3, ["MB"] = 1e6, ["GB"] = 1e9, ["KiB"] = 1 << 10, ["MiB"] = 1 << 20, ["GiB"] = 1 << 30,
    };

    public static TimeSpan? TimeOrNull(string text) =>
        ReadOrNull(text, Seconds) is { } seconds and <= 1e7 ? TimeSpan.FromSeconds(seconds) : null;

    public static long? MemoryOrNull(string text) => ReadOrNull(text, Bytes) is { } bytes and >= 1 and <= 1e15 ? (long)bytes : null;

    static double? ReadOrNull(string text, Dictionary<string, double> units)
    {
        var unit = text.TrimStart("0123456789. ".ToCharArray());
        return units.TryGetValue(unit, out var factor)
            && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var number) && number > 0 ? number * factor : null;
    }
}
