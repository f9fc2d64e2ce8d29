using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// How far ten algorithms disagree about a plot: the mean of 1 - adjusted Rand index over all pairs of them. Six are told the number of
/// clusters, 2 to 8, at which their silhouette is largest; four find it. It says what algorithms see, not what people do.
/// </summary>
static class Ensemble
{
    const int MostClusters = 8;

    /// <summary>Of larger plots every so manyth point is taken.</summary>
    public const int MostPoints = 1000;

    static readonly Func<int, IModelFamily<LabeledPoint, ClusterPrediction>>[] Told =
    [
        clusters => new KMeans(clusters, 3), clusters => new GaussianMixtureModel(clusters), clusters => new SpectralClustering(clusters),
        clusters => new Agglomerative(clusters, Linkage.Ward), clusters => new Agglomerative(clusters, Linkage.Average),
        clusters => new Agglomerative(clusters, Linkage.Complete),
    ];

    static readonly IModelFamily<LabeledPoint, ClusterPrediction>[] Finding =
        [new Hdbscan(), new MeanShift(), new XMeans(), new GMeans()];

    public static double Disagreement(Scatterplot plot)
    {
        var every = (plot.Points.Count + MostPoints - 1) / MostPoints;
        LabeledPoint[] points = [.. plot.Points.Where((_, at) => at % every == 0).Select(point => new LabeledPoint(point, -1))];
        int[][] partitions = [.. Told.Select(family => Clearest(family, points)), .. Finding.Select(family => Clusters(family, points))];
        var pairs = from one in Enumerable.Range(0, partitions.Length)
                    from other in Enumerable.Range(one + 1, partitions.Length - one - 1)
                    select 1 - Score(new AdjustedRandIndex(), points, partitions[one], partitions[other]);
        return pairs.Average();
    }

    static int[] Clearest(Func<int, IModelFamily<LabeledPoint, ClusterPrediction>> family, LabeledPoint[] points) =>
        Enumerable.Range(2, MostClusters - 1).Select(clusters => Clusters(family(clusters), points))
            .MaxBy(partition => Score(new Silhouette(), points, partition, partition))!;

    static int[] Clusters(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points)
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
