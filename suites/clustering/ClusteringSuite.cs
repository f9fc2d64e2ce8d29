using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering;

/// <summary>Clusterings of points whose clusters are known: families never see a target, and the score is taken on all points.</summary>
public static class ClusteringSuite
{
    public static Suite Create() => new("clustering", "Clustering",
    [
        new Benchmark<LabeledPoint, ClusterPrediction>("points", "Clusters of points")
        {
            Datasets = [PointClouds.Blobs, PointClouds.UnequalBlobs, PointClouds.Moons, PointClouds.Rings],
            Families = [new SingleCluster(), new KMeans()],
            Metrics = [new AdjustedRandIndex(), new NormalizedMutualInformation()],
            Withhold = point => point with { Label = -1 },
            Target = point => $"{point.Label}",
            Answer = prediction => $"{prediction.Cluster}",
            Unsupervised = true,
        },
    ]);
}
