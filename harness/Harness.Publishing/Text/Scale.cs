using System.Globalization;

namespace Harness.Publishing.Text;

/// <summary>How the numbers of one column are written: one unit for all, so that they can be compared by eye.</summary>
/// <param name="Unit">What stands behind the number or in the column's head; empty for a bare number.</param>
/// <param name="Factor">From the stored unit to the shown one.</param>
/// <param name="Decimals">Fixed decimals; null writes three significant digits.</param>
public sealed record Scale(string Unit, double Factor, int? Decimals)
{
    static readonly Dictionary<string, (string Symbol, double ToBase)> Prefixed = new(StringComparer.Ordinal)
    {
        ["s"] = ("s", 1), ["ms"] = ("s", 1e-3), ["us"] = ("s", 1e-6), ["µs"] = ("s", 1e-6), ["ns"] = ("s", 1e-9),
        ["J"] = ("J", 1), ["mJ"] = ("J", 1e-3), ["uJ"] = ("J", 1e-6), ["µJ"] = ("J", 1e-6), ["nJ"] = ("J", 1e-9), ["pJ"] = ("J", 1e-12),
        ["J/sample"] = ("J", 1), ["W"] = ("W", 1), ["mW"] = ("W", 1e-3),
        ["B"] = ("B", 1), ["bytes"] = ("B", 1), ["byte"] = ("B", 1), ["KiB"] = ("B", 1024), ["MiB"] = ("B", 1048576), ["kB"] = ("B", 1e3),
            ["MB"] = ("B", 1e6),
    };

    static readonly string[] Shares = ["share", "fraction", "proportion", "ratio"];
    static readonly string[] Counts =
        ["parameters", "operations", "operations/sample", "MAC", "MACs", "AC", "ACs", "MAC/sample", "AC/sample", "1/sample", "spikes",
            "count", "ops"];
    static readonly (double Size, string Prefix)[] Large = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")];
    static readonly (double Size, string Prefix)[] Small = [(1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f")];

    /// <summary>The scale that suits most of <paramref name="values"/>.</summary>
    public static Scale For(string unit, IEnumerable<double> values)
    {
        var sizes = values.Where(double.IsFinite).Select(Math.Abs).Where(value => value > 0).Order().ToArray();
        var middle = sizes.Length == 0 ? 1 : sizes[sizes.Length / 2];
        if (Shares.Contains(unit)) return new Scale("%", 100, 2);
        if (unit == "%") return new Scale("%", 1, 2);
        if (Prefixed.TryGetValue(unit, out var known))
        {
            var (size, prefix) = Choose([.. Large, .. Small], middle * known.ToBase, known.Symbol is "s" ? 1 : double.MaxValue);
            return new Scale(prefix + known.Symbol, known.ToBase / size, null).Fixed(sizes);
        }
        if (Counts.Contains(unit) || (unit is "" or "1" && sizes is [.., > 1000]))
        {
            var (size, prefix) = Choose(Large, middle, double.MaxValue);
            return new Scale(prefix, 1 / size, null).Fixed(sizes);
        }
        return unit is "" or "1" ? new Scale("", 1, Ratio(sizes) ? 4 : null) : new Scale(unit, 1, null).Fixed(sizes);
    }

    public static Scale For(string unit, double value) => For(unit, [value]);

    /// <summary>The number alone, in this scale.</summary>
    public string Write(double value)
    {
        var shown = value * Factor;
        if (!double.IsFinite(shown)) return "not finite";
        // A small whole number, such as 2 parameters, has no digits to invent.
        var decimals = Decimals ?? (Factor == 1 && shown % 1 == 0 ? 0 : Significant(shown));
        return shown.ToString("N" + decimals, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>A deviation beside its mean, with the mean's decimals where they show it at all.</summary>
    public string Spread(double mean, double spread)
    {
        var shown = spread * Factor;
        if (spread <= 1e-9 * Math.Abs(mean)) return "0";
        var decimals = Decimals ?? Significant(mean * Factor);
        if (shown < 0.5 * Math.Pow(10, -decimals)) decimals = Math.Max(decimals, Significant(shown) - 2);
        return shown.ToString("N" + Math.Clamp(decimals, 0, 8), CultureInfo.InvariantCulture);
    }

    public string WithUnit(double value) => Unit.Length == 0 ? Write(value) : $"{Write(value)} {Unit}";

    /// <summary>Every digit, for machines and for the curious.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A value with its interval, as in <c>98.12 % [97.83, 98.37]</c>.</summary>
    public static string Interval(string unit, double value, double? low, double? high)
    {
        var scale = For(unit, value);
        return low is { } l && high is { } h ? $"{scale.WithUnit(value)} [{scale.Write(l)}, {scale.Write(h)}]" : scale.WithUnit(value);
    }

    public static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static bool Ratio(double[] sizes) => sizes.Length == 0 || sizes[^1] <= 1;

    static (double Size, string Prefix) Choose((double Size, string Prefix)[] steps, double middle, double largest)
    {
        foreach (var step in steps)
            if (step.Size <= largest && middle >= step.Size) return step;
        return steps[^1];
    }

    // One number of decimals for the column keeps the points aligned, as long as the values do not span more than two decades.
    Scale Fixed(double[] sizes) =>
        sizes.Length > 1 && sizes[^1] / sizes[0] < 100 ? this with { Decimals = Significant(sizes[0] * Factor) } : this;

    static int Significant(double shown) =>
        shown == 0 ? 0 : (int)Math.Clamp(2 - Math.Floor(Math.Log10(Math.Abs(shown))), 0, 6);
}
