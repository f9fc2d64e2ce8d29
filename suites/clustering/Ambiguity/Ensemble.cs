using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// Algorithms of which an ensemble is made: the first six are told the number of clusters, 2 to 8, at which their silhouette is largest,
/// the others find it.
/// </summary>
public enum EnsembleAlgorithm { KMeans, Mixture, Spectral, Ward, Average, Complete, Hdbscan, MeanShift, XMeans, GMeans }

/// <summary>
/// How far ten algorithms disagree about a plot: the mean of 1 - adjusted Rand index over all pairs of them. It says what algorithms see,
/// not what people do.
/// </summary>
static class Ensemble
{
    const int MostClusters = 8;

    /// <summary>Of larger plots every so manyth point is taken.</summary>
    public const int MostPoints = 1000;

    public static double Disagreement(Scatterplot plot)
    {
        var every = (plot.Points.Count + MostPoints - 1) / MostPoints;
        LabeledPoint[] points = [.. plot.Points.Where((_, at) => at % every == 0).Select(point => new LabeledPoint(point, -1))];
        int[][] partitions = [.. Enum.GetValues<EnsembleAlgorithm>().Select(algorithm => Partition(algorithm, points))];
        var pairs = from one in Enumerable.Range(0, partitions.Length)
                    from other in Enumerable.Range(one + 1, partitions.Length - one - 1)
                    select 1 - Score(new AdjustedRandIndex(), points, partitions[one], partitions[other]);
        return pairs.Average();
    }

    /// <summary>Axis [point]: a cluster, or -1 for noise. Equal points are one cluster, whatever an algorithm is told.</summary>
    public static int[] Partition(EnsembleAlgorithm algorithm, LabeledPoint[] points) =>
        PointTable.ForTraining(points).Different() == 1 ? new int[points.Length] : Of(algorithm, points);

    static int[] Of(EnsembleAlgorithm algorithm, LabeledPoint[] points) => algorithm switch
    {
        EnsembleAlgorithm.KMeans => Clearest(clusters => new KMeans(clusters, 3), points).Partition,
        EnsembleAlgorithm.Mixture => Clearest(clusters => new GaussianMixtureModel(clusters), points).Partition,
        EnsembleAlgorithm.Spectral => Clearest(clusters => new SpectralClustering(clusters), points).Partition,
        EnsembleAlgorithm.Ward => Clearest(clusters => new Agglomerative(clusters), points).Partition,
        EnsembleAlgorithm.Average => Clearest(clusters => new Agglomerative(clusters, Linkage.Average), points).Partition,
        EnsembleAlgorithm.Complete => Clearest(clusters => new Agglomerative(clusters, Linkage.Complete), points).Partition,
        EnsembleAlgorithm.Hdbscan => Clusters(new Hdbscan(), points),
        EnsembleAlgorithm.MeanShift => Clusters(new MeanShift(), points),
        EnsembleAlgorithm.XMeans => Clusters(new XMeans(), points),
        EnsembleAlgorithm.GMeans => Clusters(new GMeans(), points),
        _ => throw new HarnessException($"algorithm is {algorithm}; allowed are {string.Join(", ", Enum.GetNames<EnsembleAlgorithm>())}."),
    };

    /// <summary>The partition whose silhouette is largest, and that; of fewer than three different points one cluster, and NaN.</summary>
    public static (int[] Partition, double Silhouette) Clearest(Func<int, IModelFamily<LabeledPoint, ClusterPrediction>> family,
        LabeledPoint[] points)
    {
        var table = PointTable.ForTraining(points);
        var most = Math.Min(MostClusters, table.Different() - 1);
        if (most < 2) return (new int[points.Length], double.NaN);
        return Enumerable.Range(2, most - 1).Select(clusters => Clusters(family(clusters), points))
            .Select(partition => (partition, Score(new Silhouette(), points, partition, partition))).MaxBy(found => found.Item2);
    }

    /// <summary>What a family says of the points it has seen.</summary>
    public static int[] Clusters(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points)
    {
        var context = new RunContext(1, 1, new("."), TimeProvider.System, Unheard.Progress, CancellationToken.None);
        using var model = family.Prepare(new(points, points), context);
        return [.. model.Predict(points).Select(prediction => prediction.Cluster)];
    }

    static double Score(IMetric<LabeledPoint, ClusterPrediction> metric, LabeledPoint[] points, int[] reference, int[] partition)
    {
        var tally = metric.Begin();
        for (var at = 0; at < points.Length; at++)
            tally.Add(points[at] with { Label = reference[at] < 0 ? LabeledPoint.Noise : reference[at] }, new(partition[at]));
        return tally.Total();
    }

    sealed class Unheard : IProgress<TrainingPoint>
    {
        public static Unheard Progress { get; } = new();

        public void Report(TrainingPoint value) { }
    }
}
