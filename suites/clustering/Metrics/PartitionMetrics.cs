using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>Whether each predicted cluster holds points of one reference cluster only.</summary>
public sealed record Homogeneity : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("homogeneity", 1, "Homogeneity", "1", Direction.Higher)
    {
        Definition = "1 - H(reference | predicted) / H(reference): 1 where every predicted cluster lies in one reference cluster. Not "
            + "corrected for chance.",
        Source = "Rosenberg and Hirschberg: V-measure, EMNLP-CoNLL 2007",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(static table =>
        Entropies.Of(table) is var entropies && entropies.Reference == 0 ? 1 : Math.Min(1, entropies.Mutual / entropies.Reference));
}

/// <summary>Whether each reference cluster lies in one predicted cluster.</summary>
public sealed record Completeness : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("completeness", 1, "Completeness", "1", Direction.Higher)
    {
        Definition = "1 - H(predicted | reference) / H(predicted): 1 where every reference cluster lies in one predicted cluster. Not "
            + "corrected for chance.",
        Source = "Rosenberg and Hirschberg: V-measure, EMNLP-CoNLL 2007",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(static table =>
        Entropies.Of(table) is var entropies && entropies.Predicted == 0 ? 1 : Math.Min(1, entropies.Mutual / entropies.Predicted));
}

/// <summary>The geometric mean of precision and recall over pairs of points.</summary>
public sealed record FowlkesMallows : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("fowlkes-mallows-index", 1, "Fowlkes-Mallows index", "1", Direction.Higher)
    {
        Definition = "Pairs together in both partitions over the geometric mean of the pairs together in each; 0 where one of them has no "
            + "pair. Not corrected for chance.",
        Source = "Fowlkes and Mallows, Journal of the American Statistical Association 78, 1983",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(static table =>
    {
        double both = table.Cells.Values.Sum(Contingency.Pairs), reference = table.References.Values.Sum(Contingency.Pairs);
        double predicted = table.Predictions.Values.Sum(Contingency.Pairs);
        return both == 0 ? 0 : Math.Sqrt(both / reference) * Math.Sqrt(both / predicted);
    });
}

/// <summary>The share of points that lie in the most frequent reference cluster of their predicted cluster.</summary>
public sealed record Purity : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("purity", 1, "Purity", "1", Direction.Higher)
    {
        Definition = "The share of points whose reference cluster is the most frequent one of their predicted cluster. It rises with the "
            + "number of clusters and is 1 where every point is alone.",
        Source = "Manning, Raghavan and Schütze: Introduction to Information Retrieval, 2008, section 16.3",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(static table =>
        table.Cells.GroupBy(cell => cell.Key.Predicted).Sum(cluster => cluster.Max(cell => cell.Value)) / (double)table.Points);
}
