using Harness.Core.Scoring;
using Harness.Detection.Scoring;
using Harness.Statistics;

namespace Harness.Cli.Nightly;

/// <summary>The primary score of a trial: the head against its reference, on the same samples.</summary>
/// <param name="Reference">The run of the last night that concluded on another level, else of the pinned base.</param>
/// <param name="Comparison">Null when every prediction is the same value.</param>
sealed record ScoredCell(RunRecord Reference, RunRecord Head, MetricValue Metric, PairedComparison? Comparison)
{
    public bool IsWorse => Comparison?.Judge(Metric.Direction) == Verdict.Worse;

    public static async Task<ScoredCell?> OfAsync(RunRecord reference, RunRecord head, Scorer scorer, double margin,
        CancellationToken cancellation)
    {
        if (head.Metrics.FirstOrDefault(value => value.Primary) is not { } metric) return null;
        if (Outputs(reference) == Outputs(head)) return new(reference, head, metric, null);
        var chance = Chance.From($"{reference.RunId} {head.RunId}");
        return new(reference, head, metric, head.Samples.Any(row => row.Correct is not null)
            ? ScoreJudge.Compare(reference.Samples, head.Samples, margin)
            : await OfStatisticAsync(reference, head, scorer, chance, margin, cancellation));
    }

    /// <summary>Per sample, the head's score less the reference's; null where samples cannot be right or wrong one by one.</summary>
    public double[]? Differences => Head.Samples.Any(row => row.Correct is null) ? null
        : [.. Reference.Samples.OrderBy(row => row.Sample).Zip(Head.Samples.OrderBy(row => row.Sample),
            (before, after) => (after.Correct == true ? 1.0 : 0) - (before.Correct == true ? 1.0 : 0))];

    public double Before => Reference.Metrics.First(value => value.Metric == Metric.Metric).Value;

    // Hashed like everything canonical: two runs agree when every prediction has the same canonical bytes.
    static string Outputs(RunRecord run) => CanonicalJson.Hash(run.Samples.OrderBy(row => row.Sample).Select(row => row.Prediction));

    static async Task<PairedComparison> OfStatisticAsync(RunRecord reference, RunRecord head, Scorer scorer, Chance chance, double margin,
        CancellationToken cancellation)
    {
        var before = await scorer.StatisticAsync(reference, cancellation);
        var after = await scorer.StatisticAsync(head, cancellation);
        return PairedComparison.OfStatistic([.. Enumerable.Range(0, after.Samples)], before.Of, after.Of, chance, margin);
    }
}
