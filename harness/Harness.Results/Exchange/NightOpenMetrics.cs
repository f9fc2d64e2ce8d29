using System.Globalization;

namespace Harness.Results.Exchange;

/// <summary>A night as OpenMetrics 1.0 text, for a push gateway or a textfile collector.</summary>
static class NightOpenMetrics
{
    public static void Write(NightReport night, TextWriter text)
    {
        Comparison[] rows = [.. night.Comparisons.OrderBy(found => found.Entry!.Series, StringComparer.Ordinal).ThenBy(found => found.Id,
            StringComparer.Ordinal)];
        Family(text, "effect", "Head less base: logarithm of the cost ratio, or difference of a score or count.", rows, row => row.Effect);
        Family(text, "effect_low", "Lower end of the 95 % interval.", rows, row => row.Low);
        Family(text, "effect_high", "Upper end of the 95 % interval.", rows, row => row.High);
        Family(text, "noise_floor", "What the device shows when nothing differs.", rows, row => row.Entry!.NoiseFloor);
        Family(text, "detectable_effect", "Smallest change found with 80 % power.", rows, row => row.DetectableEffect);
        Family(text, "regression", "1 for a confirmed regression.", rows, row => NightReport.IsRegression(row) ? 1 : 0);
        text.Write("# EOF\n");
    }

    static void Family(TextWriter text, string name, string help, Comparison[] rows, Func<Comparison, double?> value)
    {
        text.Write($"# TYPE harness_nightly_{name} gauge\n# HELP harness_nightly_{name} {help}\n");
        foreach (var row in rows)
            if (value(row) is { } number)
                text.Write(string.Create(CultureInfo.InvariantCulture,
                    $"harness_nightly_{name}{{{Labels(row)}}} {number:R} {row.At.ToUnixTimeMilliseconds() / 1000.0:0.###}\n"));
    }

    static string Labels(Comparison row) => OpenMetricsExport.Labels(("series", row.Entry!.Series), ("metric", row.Metric),
        ("role", row.Entry.Role), ("device", row.Entry.Device), ("base", row.Entry.Base), ("head", row.Entry.Head),
        ("outcome", row.Entry.Outcome), ("design", row.Design));
}
