using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Core.Planning;

/// <summary>
/// The short form of a series: <c>1..5</c>, <c>1..9+2</c> or <c>8..64*2</c>; both ends are included when the steps meet them.
/// </summary>
static partial class NumberRange
{
    public const int MostItems = 10_000;

    /// <summary>The numbers, or null when <paramref name="text"/> is no range.</summary>
    /// <exception cref="FormatException">It never arrives, runs backwards, or is longer than <see cref="MostItems"/>.</exception>
    public static IReadOnlyList<double>? ReadOrNull(string text)
    {
        var match = Form().Match(text);
        if (!match.Success) return null;
        var (first, last) = (Number(match, "first"), Number(match, "last"));
        var multiply = match.Groups["by"].Value == "*";
        var step = match.Groups["step"].Success ? Number(match, "step") : 1;
        if (first > last) throw new FormatException($"'{text}' runs backwards");
        if (multiply ? step <= 1 || first <= 0 : step <= 0) throw new FormatException($"'{text}' never reaches its end");
        var items = multiply ? Products(first, last, step) : Sums(first, last, step);
        var list = items.Take(MostItems + 1).ToList();
        return list.Count > MostItems ? throw new FormatException($"'{text}' has more than {MostItems} numbers") : list;
    }

    // first + i·step in decimal, so that 0.1..0.5+0.1 is five clean numbers.
    static IEnumerable<double> Sums(double first, double last, double step)
    {
        var (start, width) = ((decimal)first, (decimal)step);
        for (var i = 0; start + i * width <= (decimal)last; i++) yield return (double)(start + i * width);
    }

    static IEnumerable<double> Products(double first, double last, double factor)
    {
        for (var value = (decimal)first; value <= (decimal)last; value *= (decimal)factor) yield return (double)value;
    }

    static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<first>-?\d{1,12}(\.\d{1,9})?)\.\.(?<last>-?\d{1,12}(\.\d{1,9})?)((?<by>[+*])(?<step>\d{1,12}(\.\d{1,9})?))?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
