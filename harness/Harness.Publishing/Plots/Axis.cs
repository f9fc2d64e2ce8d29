using System.Globalization;

namespace Harness.Publishing.Plots;

/// <summary>Maps values to places on a line, with round ticks; logarithmic where the values span more than a decade.</summary>
public sealed class Axis
{
    static readonly int[] Round = [1, 2, 5, 10];
    readonly double low, high, from, to;

    /// <param name="from">Place of the low end, in drawing units.</param>
    /// <param name="to">Place of the high end.</param>
    /// <param name="linear">Never logarithmic, as for time and counts of rounds.</param>
    public Axis(IEnumerable<double> values, double from, double to, bool linear = false)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        (var least, var most) = (finite.Min(), finite.Max());
        Logarithmic = !linear && least > 0 && most / least > 10;
        (low, high) = Logarithmic ? (Math.Log10(least), Math.Log10(most)) : (least, most);
        var margin = high > low ? (high - low) * 0.08 : Math.Max(Math.Abs(high) * 0.1, 1e-9);
        (low, high, this.from, this.to) = (low - margin, high + margin, from, to);
    }

    public bool Logarithmic { get; }

    public double At(double value) => from + ((to - from) * (((Logarithmic ? Math.Log10(value) : value) - low) / (high - low)));

    public IReadOnlyList<double> Ticks => Logarithmic ? Decades() : Steps();

    public static string Place(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);

    IReadOnlyList<double> Steps()
    {
        var raw = (high - low) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = Round.First(factor => factor * power >= raw) * power;
        return [.. Enumerable.Range(0, 8).Select(i => (Math.Ceiling(low / step) + i) * step).Where(tick => tick <= high)];
    }

    IReadOnlyList<double> Decades()
    {
        var factors = high - low > 2.5 ? new double[] { 1 } : [1, 2, 5];
        return [.. Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high - low) + 2)
            .SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power))).Where(tick => Math.Log10(tick) >= low
                && Math.Log10(tick) <= high)];
    }
}
