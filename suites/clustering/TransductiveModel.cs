using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering;

/// <summary>
/// What a method knows that gives clusters to the points it saw and no rule for others: a point that was seen has its cluster, any other
/// that of the nearest one that was seen.
/// </summary>
sealed class TransductiveModel : IModel<LabeledPoint, ClusterPrediction>
{
    readonly PointTable _points;
    readonly int[] _clusters;
    readonly Dictionary<PointKey, int> _seen = [];

    /// <param name="clusters">One for each point; equal points have equal ones.</param>
    public TransductiveModel(PointTable points, int[] clusters)
    {
        (_points, _clusters) = (points, clusters);
        for (var i = 0; i < points.Count; i++) _seen.TryAdd(new(points, i), i);
    }

    /// <summary>The points themselves and their clusters: nothing is summed up.</summary>
    public Footprint Footprint => new(0, (long)_points.Values.Length * sizeof(double) + _clusters.Length * sizeof(int), 64);

    /// <exception cref="HarnessException">A point is not finite or has another dimension than those that were seen.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        var asked = PointTable.ForPrediction(batch, _points.Dimensions);
        var predictions = new ClusterPrediction[batch.Count];
        for (var i = 0; i < predictions.Length; i++)
            predictions[i] = new(_clusters[_seen.TryGetValue(new(asked, i), out var seen) ? seen : Nearest.Of(_points, asked[i]).Center]);
        return predictions;
    }

    /// <summary>Of points that were seen: looking one up multiplies nothing.</summary>
    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch) => new([new("lookup", "lookup", 0, 0, 0)
    {
        WeightBytes = Footprint.Bytes,
    }], batch.Count);

    public void Dispose() { }
}
