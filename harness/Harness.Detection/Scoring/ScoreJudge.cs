using Harness.Detection.Deciding;
using Harness.Statistics;

namespace Harness.Detection.Scoring;

/// <summary>The predictions of two builds on the same samples of one protocol.</summary>
public sealed record ScorePair(string Key, Direction Direction, PairedComparison Comparison);

/// <summary>What the session says of a score.</summary>
/// <param name="Q">The p-value after correction for all scores of the session.</param>
/// <param name="DetectableEffect">The drop that this many samples, with so many that differ, would have shown with 80 % power.</param>
public sealed record ScoreJudgement(ScorePair Pair, double Q, Verdict Verdict, double DetectableEffect);

/// <summary>Judges scores by their samples: exact McNemar where samples are right or wrong, equivalence by two one-sided tests.</summary>
public static class ScoreJudge
{
    /// <summary>One side of a two-sided test at 5 %.</summary>
    const double Alpha = 0.025;
    const double NormalQuantile = 1.959963984540054;

    /// <summary>Joins two runs on their sample numbers.</summary>
    /// <exception cref="HarnessException">The runs do not answer the same samples: they were not made by one protocol.</exception>
    public static PairedComparison Compare(IReadOnlyList<SampleRow> before, IReadOnlyList<SampleRow> after, double margin)
    {
        var first = before.Where(row => row.Correct is not null).ToDictionary(row => row.Sample);
        SampleRow[] second = [.. after.Where(row => row.Correct is not null).OrderBy(row => row.Sample)];
        var stranger = second.FirstOrDefault(row => !first.TryGetValue(row.Sample, out var other) || other.Target != row.Target);
        if (first.Count != second.Length || stranger is not null)
            throw new HarnessException($"The two runs do not answer the same samples ({first.Count} and {second.Length}"
                + $"{(stranger is null ? "" : $", sample {stranger.Sample} differs")}): run both arms on one protocol.");
        return PairedComparison.OfCorrect([.. second.Select(row => first[row.Sample].Correct!.Value)],
            [.. second.Select(row => row.Correct!.Value)], margin);
    }

    public static IReadOnlyList<ScoreJudgement> Judge(IReadOnlyList<ScorePair> pairs, DetectionPolicy policy)
    {
        var q = FalseDiscovery.Adjust([.. pairs.Select(pair => pair.Comparison.P)]);
        return [.. pairs.Select((pair, index) => new ScoreJudgement(pair, q[index],
            pair.Comparison.Judge(pair.Direction, policy.FalseDiscoveryRate, q[index]), Detectable(pair.Comparison)))];
    }

    // A difference of one sample is -1, 0 or 1: its deviation is the root of the share of samples that differ. Other scores are known
    // by the interval of their difference, 1.96 standard errors to either side.
    static double Detectable(PairedComparison comparison) => DetectableEffect.Paired(comparison.OnlyFirst + comparison.OnlySecond > 0
        ? Math.Sqrt((double)(comparison.OnlyFirst + comparison.OnlySecond) / comparison.Samples)
        : (comparison.Interval.High - comparison.Interval.Low) / (2 * NormalQuantile) * Math.Sqrt(comparison.Samples),
        comparison.Samples, Alpha);
}
