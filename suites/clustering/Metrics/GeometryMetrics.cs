using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>How much nearer points are to their own cluster than to the next one, on average.</summary>
public sealed record Silhouette : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("silhouette", 1, "Silhouette", "1", Direction.Higher)
    {
        Definition = "Mean over points of (b - a) / max(a, b): a is the mean Euclidean distance to the other points of its cluster, b the "
            + "least mean distance to another cluster; 0 for a point alone. It needs no reference and favours round clusters. Beyond "
            + $"{Silhouettes.Most} points it is the mean over {Silhouettes.Most} of them, evenly spread over the clusters.",
        Source = "Rousseeuw, Journal of Computational and Applied Mathematics 20, 1987",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new GeometryTally(Silhouettes.Mean);
}

/// <summary>How wide clusters are against how far apart, for the worst neighbour of each; lower is better.</summary>
public sealed record DaviesBouldin : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("davies-bouldin-index", 1, "Davies-Bouldin index", "1", Direction.Lower)
    {
        Definition = "Mean over clusters of the largest (s_i + s_j) / d_ij: s is the mean distance of points to their mean, d the distance "
            + "of two means; 0 where all means coincide or no cluster has a width. It needs no reference.",
        Source = "Davies and Bouldin, IEEE Transactions on Pattern Analysis and Machine Intelligence 1, 1979",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new GeometryTally(Of);

    static double Of(ClusterTable table)
    {
        var means = table.Means();
        var widths = new double[table.Clusters];
        for (var cluster = 0; cluster < table.Clusters; cluster++)
        {
            for (var place = table.Starts[cluster]; place < table.Starts[cluster + 1]; place++)
                widths[cluster] += Math.Sqrt(table.Squared(place, means, cluster));
            widths[cluster] /= table.Size(cluster);
        }
        var sum = 0.0;
        for (var one = 0; one < table.Clusters; one++)
        {
            var worst = 0.0;
            for (var other = 0; other < table.Clusters; other++)
                if (other != one && Distance(means, one, other) is var apart and > 0)
                    worst = Math.Max(worst, (widths[one] + widths[other]) / apart);
            sum += worst;
        }
        return sum / table.Clusters;
    }

    static double Distance(double[,] means, int one, int other)
    {
        var sum = 0.0;
        for (var axis = 0; axis < means.GetLength(1); axis++) sum += Math.Pow(means[one, axis] - means[other, axis], 2);
        return Math.Sqrt(sum);
    }
}

/// <summary>Scatter between clusters over scatter within them.</summary>
public sealed record CalinskiHarabasz : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new("calinski-harabasz-index", 1, "Calinski-Harabasz index", "1", Direction.Higher)
    {
        Definition = "(between / (k - 1)) / (within / (n - k)), sums of squared distances of k cluster means to the mean of all n points "
            + "(times cluster sizes) and of points to their cluster's mean; 1 where nothing scatters within. It needs no reference.",
        Source = "Caliński and Harabasz, Communications in Statistics 3, 1974",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new GeometryTally(Of);

    static double Of(ClusterTable table)
    {
        var (means, center) = (table.Means(), new double[table.Dimensions]);
        for (var cluster = 0; cluster < table.Clusters; cluster++)
            for (var axis = 0; axis < center.Length; axis++) center[axis] += means[cluster, axis] * table.Size(cluster) / table.Points;
        var (between, within) = (0.0, 0.0);
        for (var cluster = 0; cluster < table.Clusters; cluster++)
        {
            for (var axis = 0; axis < center.Length; axis++)
                between += table.Size(cluster) * Math.Pow(means[cluster, axis] - center[axis], 2);
            for (var place = table.Starts[cluster]; place < table.Starts[cluster + 1]; place++)
                within += table.Squared(place, means, cluster);
        }
        return within == 0 ? 1 : between * (table.Points - table.Clusters) / (within * (table.Clusters - 1));
    }
}
