using System.Globalization;

namespace Harness.Cli;

/// <summary>How numbers look in a terminal: a few significant digits, a unit a person reads.</summary>
static class Numbers
{
    static readonly (double Factor, string Prefix)[] Prefixes =
        [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p")];

    public static string Of(double value, string unit) => unit switch
    {
        "proportion" or "share" => (100 * value).ToString("0.00", CultureInfo.InvariantCulture) + " %",
        "samples/s" when Math.Abs(value) < 1e9 => value.ToString(Math.Abs(value) < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
            + " samples/s",
        "s" or "J" or "B" or "bytes" or "operations" or "samples/s" => Prefixed(value, unit),
        _ => value.ToString("G4", CultureInfo.InvariantCulture) + (unit is "" or "1" ? "" : $" {unit}"),
    };

    static string Prefixed(double value, string unit)
    {
        if (value == 0) return $"0 {unit}";
        if (unit == "s" && Math.Abs(value) is >= 1 and < 1e5) return value.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        var (factor, prefix) = Prefixes.FirstOrDefault(entry => Math.Abs(value) >= entry.Factor, Prefixes[^1]);
        return (value / factor).ToString("G4", CultureInfo.InvariantCulture) + $" {prefix}{unit}";
    }

    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.ToString(@"m\:ss");
}
