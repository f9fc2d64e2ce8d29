using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>
/// Mutual information of two partitions over the arithmetic mean of their entropies, which makes it the V-measure (Rosenberg and Hirschberg
/// 2007). It is not corrected for chance: many small clusters raise it. No interval is stated, because resampling raises it as well.
/// </summary>
public sealed record NormalizedMutualInformation : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("normalized-mutual-information", 1, "Normalized mutual information", "1", Direction.Higher)
    {
        Definition = "Mutual information of reference and predicted partition over the arithmetic mean of their entropies "
            + "(arithmetic normaliser): 0 is independent, 1 is equal; two partitions of one cluster each are equal. Not corrected for "
            + "chance. Points predicted as noise count as one cluster.",
        Source = "Strehl and Ghosh, Journal of Machine Learning Research 3, 2002; arithmetic normaliser as in scikit-learn since 0.22",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new Contingency(Of);

    static double Of(Contingency table)
    {
        var (references, predictions, points) = (table.References, table.Predictions, (double)table.Points);
        if (references.Count == 1 && predictions.Count == 1) return 1;
        var information = 0.0;
        foreach (var ((reference, predicted), count) in table.Cells)
            information += count / points * Math.Log(count * points / ((double)references[reference] * predictions[predicted]));
        var mean = (Entropy(references.Values, points) + Entropy(predictions.Values, points)) / 2;
        return Math.Clamp(information / mean, 0, 1); // rounding may leave it a few last places outside
    }

    static double Entropy(IEnumerable<long> counts, double points) => -counts.Sum(count => count / points * Math.Log(count / points));
}
