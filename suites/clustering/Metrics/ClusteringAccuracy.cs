using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>The share of points that are right when clusters are named after reference clusters, one to one, as well as possible.</summary>
public sealed record ClusteringAccuracy : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("clustering-accuracy", 1, "Clustering accuracy (ACC)", "1", Direction.Higher)
    {
        Definition = "The largest share of points whose predicted cluster is matched with their reference cluster, over all one-to-one "
            + "matchings; clusters that are left over match nothing. Points predicted as noise count as one cluster.",
        Source = "Yang, Xu, Nie, Yan and Zhuang, IEEE Transactions on Image Processing 19, 2010; matching by linear assignment (Kuhn 1955)",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(Of);

    internal static double Of(Contingency table)
    {
        int[] references = [.. table.References.Keys], predictions = [.. table.Predictions.Keys];
        var (rows, columns) = references.Length <= predictions.Length ? (references, predictions) : (predictions, references);
        var flipped = references.Length > predictions.Length;
        var (rowOf, columnOf) = (Places(rows), Places(columns));
        var costs = new double[rows.Length, columns.Length];
        foreach (var ((reference, predicted), count) in table.Cells)
            costs[rowOf[flipped ? predicted : reference], columnOf[flipped ? reference : predicted]] = -count;
        var matched = LinearAssignment.Least(costs).Select((column, row) => -costs[row, column]).Sum();
        return matched / table.Points;
    }

    static Dictionary<int, int> Places(int[] clusters) => clusters.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
}
