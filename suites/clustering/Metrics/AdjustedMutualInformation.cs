using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>
/// Mutual information corrected for chance: (MI - E[MI]) / (mean of the entropies - E[MI]), where the expectation is over all partitions
/// with clusters of the same sizes.
/// </summary>
public sealed record AdjustedMutualInformation : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("adjusted-mutual-information", 1, "Adjusted mutual information", "1", Direction.Higher)
    {
        Definition = "Mutual information of two partitions less what random partitions with clusters of the same sizes expect, over the "
            + "arithmetic mean of their entropies less the same: 1 is equal, 0 is chance, and it may be negative. Points predicted as "
            + "noise count as one cluster.",
        Source = "Vinh, Epps and Bailey: Information theoretic measures for clusterings comparison, JMLR 11, 2010; "
            + "arithmetic normaliser as in scikit-learn since 0.22",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(Of);

    static double Of(Contingency table)
    {
        var (reference, predicted, mutual) = Entropies.Of(table);
        if (reference == 0 && predicted == 0) return 1;
        var (references, predictions) = (table.References, table.Predictions);
        // Every point alone in both: nothing to expect, and equal.
        if (references.Count == table.Points && predictions.Count == table.Points) return 1;
        var expected = ExpectedInformation.Of(references.Values, predictions.Values, table.Points);
        var above = (reference + predicted) / 2 - expected;
        // As scikit-learn does: what is left of a difference of equals keeps its sign and is never divided by 0.
        above = above < 0 ? Math.Min(above, -double.BitIncrement(1) + 1) : Math.Max(above, double.BitIncrement(1) - 1);
        return (mutual - expected) / above;
    }
}
