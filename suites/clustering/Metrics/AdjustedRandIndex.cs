using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>
/// The Rand index corrected for chance (Hubert and Arabie 1985): (Index - Expected) / (Maximum - Expected) over pairs of points, where the
/// index counts pairs that share a cluster in both partitions. Two partitions that are both trivial in the same way agree fully: 1.
/// </summary>
/// <remarks>
/// Its interval resamples points with repeats. A repeated point forms a pair with its own copy, and such a pair always agrees; about half a
/// pair per point, so a replicate is too high by a share of order 1 / points of what is missing to 1. The pairs are counted as they come,
/// because an estimate that leaves them out would no longer be the index of a set of points.
/// </remarks>
public sealed record AdjustedRandIndex : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("adjusted-rand-index", 1, "Adjusted Rand index", "1", Direction.Higher)
    {
        Definition = "Agreement of two partitions over all pairs of points, corrected for chance: 1 is equal, 0 is what independent "
            + "partitions of the same cluster sizes expect, and it may be negative. Points predicted as noise count as one cluster. Its "
            + "interval resamples points with repeats; a point always agrees with its own copy, which raises it by order 1 / points.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(Of);

    // In whole numbers, so that no sum rounds: pairs of 10^9 points have products below 2^127.
    internal static double Of(Contingency table)
    {
        Int128 both = table.Cells.Values.Sum(Contingency.Pairs), inReference = table.References.Values.Sum(Contingency.Pairs);
        Int128 inPrediction = table.Predictions.Values.Sum(Contingency.Pairs), all = Contingency.Pairs(table.Points);
        if (both == inReference && both == inPrediction) return 1;
        var numerator = both * all - inReference * inPrediction;
        var denominator = (inReference + inPrediction) * all - 2 * inReference * inPrediction;
        return 2 * (double)numerator / (double)denominator;
    }
}
