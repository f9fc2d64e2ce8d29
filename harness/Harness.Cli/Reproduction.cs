using System.Text.Json;
using Harness.Statistics;

namespace Harness.Cli;

/// <summary>How well two runs of one trial agree. Each level holds where the ones before it do not.</summary>
public enum AgreementLevel
{
    /// <summary>Every prediction is the same value.</summary>
    Bitwise,
    /// <summary>Every answer is the same, and the numbers behind it differ by no more than the tolerance.</summary>
    Tolerance,
    /// <summary>Answers differ, but the score differs by no more than the margin: shown by a paired test on the same samples, or, where
    /// samples cannot be right or wrong one by one or are not at hand, by the stored interval.</summary>
    Statistical,
    /// <summary>Too few samples to tell agreement from difference.</summary>
    Undecided,
    /// <summary>The score is another one.</summary>
    Different,
}

/// <param name="Differing">Samples with another answer.</param>
/// <param name="LargestDifference">Of any number in a prediction; null where predictions were not compared.</param>
public sealed record Agreement(string Run, string Again, AgreementLevel Level, int Samples, int Differing, double? LargestDifference,
    PairedComparison? Test, string Explanation);

/// <summary>Compares a stored run with its repetition.</summary>
public static class Reproduction
{
    /// <param name="tolerance">Largest absolute difference of a number in a prediction.</param>
    /// <param name="margin">Largest difference of the share of right answers that does not matter.</param>
    public static Agreement Compare(RunRecord stored, RunRecord again, double tolerance, double margin)
    {
        if (stored.Samples.Count == 0) return ByScore(stored, again, 0, "the stored run came without its predictions");
        if (stored.Samples.Count != again.Samples.Count)
            return Result(AgreementLevel.Different, null, $"{stored.Samples.Count} samples were stored, {again.Samples.Count} came again");
        var after = again.Samples.ToDictionary(row => row.Sample);
        var pairs = stored.Samples.Where(row => after.ContainsKey(row.Sample)).Select(row =>
            (Before: row, After: after[row.Sample])).ToList();
        var differing = pairs.Count(pair => pair.Before.Answer != pair.After.Answer);
        if (pairs.TrueForAll(pair => CanonicalJson.Write(pair.Before.Prediction) == CanonicalJson.Write(pair.After.Prediction)))
            return Result(AgreementLevel.Bitwise, 0, $"all {pairs.Count} predictions are identical");
        var largest = pairs.Max(pair => Distance(pair.Before.Prediction, pair.After.Prediction));
        if (differing == 0 && largest <= tolerance)
            return Result(AgreementLevel.Tolerance, largest,
                $"all {pairs.Count} answers are the same; numbers differ by at most {largest:G3}");
        var judged = pairs.Where(pair => pair is { Before.Correct: not null, After.Correct: not null }).ToList();
        if (judged.Count < 2) return ByScore(stored, again, differing, "samples have no right answer one by one");
        var test = PairedComparison.OfCorrect([.. judged.Select(pair => pair.Before.Correct!.Value)],
            [.. judged.Select(pair => pair.After.Correct!.Value)], margin);
        return new(stored.RunId, again.RunId, Level(test), pairs.Count, differing, largest, test, Explain(test, differing));

        Agreement Result(AgreementLevel level, double? largest, string explanation) =>
            new(stored.RunId, again.RunId, level, again.Samples.Count, 0, largest, null, explanation);
    }

    static AgreementLevel Level(PairedComparison test) => test.Judge(Direction.Higher) switch
    {
        Verdict.Equivalent => AgreementLevel.Statistical,
        Verdict.Inconclusive => AgreementLevel.Undecided,
        _ => AgreementLevel.Different,
    };

    static string Explain(PairedComparison test, int differing) =>
        $"{differing} of {test.Samples} answers differ; right: {100 * test.First:0.00} % then, {100 * test.Second:0.00} % now; difference "
        + $"{100 * test.Difference:+0.00;-0.00;0.00} points, 90 % interval {100 * test.Equivalence.Low:+0.00;-0.00;0.00} to "
        + $"{100 * test.Equivalence.High:+0.00;-0.00;0.00} against a margin of {100 * test.Margin:0.00}; exact McNemar p = {test.P:G3}";

    static Agreement ByScore(RunRecord stored, RunRecord again, int differing, string why)
    {
        var before = stored.Metrics.FirstOrDefault(metric => metric.Primary);
        var after = again.Metrics.FirstOrDefault(metric => metric.Primary);
        if (before is null || after is null || before.Metric != after.Metric || before.Version != after.Version)
            return Result(AgreementLevel.Undecided, "the two have no score in common");
        var text = $"{before.Metric} was {before.Value:G9} and is {after.Value:G9}";
        if (before.Value == after.Value) return Result(AgreementLevel.Statistical, text);
        if (before is not { Low: { } low, High: { } high }) return Result(AgreementLevel.Undecided, $"{text}, and no interval was stored");
        var within = after.Value >= low && after.Value <= high;
        return Result(within ? AgreementLevel.Statistical
            : AgreementLevel.Different, $"{text}; the stored interval is {low:G6} to {high:G6}");

        Agreement Result(AgreementLevel level, string text) =>
            new(stored.RunId, again.RunId, level, again.Samples.Count, differing, null, null, $"{why}; {text}");
    }

    /// <summary>Largest difference of numbers in the same place; infinite where anything else differs.</summary>
    public static double Distance(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind) return double.PositiveInfinity;
        return one.ValueKind switch
        {
            JsonValueKind.Number => Math.Abs(one.GetDouble() - other.GetDouble()),
            JsonValueKind.Array => one.GetArrayLength() != other.GetArrayLength() ? double.PositiveInfinity
                : one.EnumerateArray().Zip(other.EnumerateArray(), Distance).DefaultIfEmpty(0).Max(),
            JsonValueKind.Object => Members(one, other),
            _ => one.GetRawText() == other.GetRawText() ? 0 : double.PositiveInfinity,
        };
    }

    static double Members(JsonElement one, JsonElement other)
    {
        var largest = 0.0;
        foreach (var member in one.EnumerateObject())
        {
            if (!other.TryGetProperty(member.Name, out var counterpart)) return double.PositiveInfinity;
            largest = Math.Max(largest, Distance(member.Value, counterpart));
        }
        return other.EnumerateObject().Count() == one.EnumerateObject().Count() ? largest : double.PositiveInfinity;
    }
}
