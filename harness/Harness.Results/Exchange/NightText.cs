using System.Globalization;

namespace Harness.Results.Exchange;

/// <summary>How effects read: a relative cost, points of a score, or a plain difference.</summary>
static class NightText
{
    public static string Effect(string design, double effect) => design switch
    {
        "paired_time" => Percent(effect),
        "paired_samples" => (100 * effect).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " points",
        _ => effect.ToString("+0.######;-0.######;0", CultureInfo.InvariantCulture),
    };

    public static string Range(Comparison found) => found is { Low: { } low, High: { } high }
        ? $"{Effect(found.Design, low)} … {Effect(found.Design, high)}" : "–";

    public static string Value(double? value, string? unit) => value is not { } number ? "–"
        : number.ToString("G5", CultureInfo.InvariantCulture) + (unit is null or "1" or "" ? "" : $" {unit}");

    public static string Probability(double? p) => p is { } value ? value.ToString("0.####", CultureInfo.InvariantCulture) : "–";

    public static string Short(string? commit) => commit is null ? "–" : commit[..Math.Min(12, commit.Length)];

    /// <summary>What an alert says, in one sentence.</summary>
    public static string Sentence(Alert alert) =>
        $"{alert.Metric} {Value(alert.Before, alert.Unit)} → {Value(alert.After, alert.Unit)}"
        + (alert.FirstBadCommit is { } bad ? $", since commit {Short(bad)}" : alert.GoodCommit is { } good ? $", after commit {Short(good)}"
            : "")
        + (alert.Unjudged is { Count: > 0 } between ? $" or one of {string.Join(", ", between.Select(Short))}, which could not be judged"
            : "")
        + (alert.Cause is { } cause ? $"; {cause}" : "");

    static string Percent(double cost) => (100 * (Math.Exp(cost) - 1)).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %";
}
