using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>
/// Points in the order of their predicted clusters, axes [dimension, point], so that a cluster is one stretch of every axis. Points
/// predicted as noise lie in one cluster like any other.
/// </summary>
sealed class ClusterTable
{
    ClusterTable(double[] values, int points, int dimensions, int[] starts) =>
        (Values, Points, Dimensions, Starts) = (values, points, dimensions, starts);

    public double[] Values { get; }
    public int Points { get; }
    public int Dimensions { get; }

    /// <summary>Where each cluster begins, and one entry more for the end.</summary>
    public int[] Starts { get; }

    public int Clusters => Starts.Length - 1;

    public ReadOnlySpan<double> Axis(int dimension) => Values.AsSpan(dimension * Points, Points);

    public int Size(int cluster) => Starts[cluster + 1] - Starts[cluster];

    public static ClusterTable Of(IReadOnlyList<ReadOnlyMemory<double>> points, IReadOnlyList<int> clusters)
    {
        var dimensions = points[0].Length;
        var order = Enumerable.Range(0, points.Count).OrderBy(index => clusters[index]).ToArray();
        var values = new double[points.Count * dimensions];
        var starts = new List<int>();
        for (var place = 0; place < order.Length; place++)
        {
            var point = points[order[place]].Span;
            for (var axis = 0; axis < dimensions; axis++) values[axis * points.Count + place] = point[axis];
            if (place == 0 || clusters[order[place]] != clusters[order[place - 1]]) starts.Add(place);
        }
        return new(values, points.Count, dimensions, [.. starts, points.Count]);
    }

    /// <summary>The mean of each cluster, axes [cluster, dimension].</summary>
    public double[,] Means()
    {
        var means = new double[Clusters, Dimensions];
        for (var cluster = 0; cluster < Clusters; cluster++)
            for (var axis = 0; axis < Dimensions; axis++)
            {
                var sum = 0.0;
                foreach (var value in Axis(axis)[Starts[cluster]..Starts[cluster + 1]]) sum += value;
                means[cluster, axis] = sum / Size(cluster);
            }
        return means;
    }

    /// <summary>Squared distance of the point at a place to a row of <paramref name="means"/>.</summary>
    public double Squared(int place, double[,] means, int row)
    {
        var sum = 0.0;
        for (var axis = 0; axis < Dimensions; axis++)
        {
            var difference = Values[axis * Points + place] - means[row, axis];
            sum += difference * difference;
        }
        return sum;
    }
}

/// <summary>Collects what a score of the clusters' geometry needs. The reference is not looked at.</summary>
/// <param name="score">Not asked where there are fewer than two clusters or only single points: geometry says nothing then.</param>
sealed class GeometryTally(Func<ClusterTable, double> score) : ITally<LabeledPoint, ClusterPrediction>
{
    readonly List<ReadOnlyMemory<double>> _points = [];
    readonly List<int> _clusters = [];

    public void Add(LabeledPoint sample, ClusterPrediction prediction)
    {
        _points.Add(sample.Coordinates);
        _clusters.Add(prediction.Cluster);
    }

    public double Total()
    {
        var clusters = _clusters.Distinct().Count();
        return clusters < 2 || clusters == _points.Count ? double.NaN : score(ClusterTable.Of(_points, _clusters));
    }
}
