using Harness.Datasets;
using Suites.Clustering;
using Suites.Clustering.Families;

namespace Harness.Benchmarks.Clustering;

/// <summary>Clustering families by the names that the modes know them by.</summary>
static class Baselines
{
    /// <param name="clusters">Told to those that do not find it.</param>
    /// <param name="radius">Of DBSCAN.</param>
    public static IReadOnlyDictionary<string, IModelFamily<LabeledPoint, ClusterPrediction>> Of(int clusters, double radius) =>
        new Dictionary<string, IModelFamily<LabeledPoint, ClusterPrediction>>
        {
            ["k-means"] = new KMeans(clusters),
            ["gmm"] = new GaussianMixtureModel(clusters),
            ["single"] = new Agglomerative(clusters, Linkage.Single),
            ["ward"] = new Agglomerative(clusters, Linkage.Ward),
            ["average"] = new Agglomerative(clusters, Linkage.Average),
            ["dbscan"] = new Dbscan(radius),
            ["hdbscan"] = new Hdbscan(),
            ["spectral"] = new SpectralClustering(clusters),
            ["mean-shift"] = new MeanShift(),
            ["x-means"] = new XMeans(),
            ["g-means"] = new GMeans(),
            ["ppp-reconstruction"] = new PartitiveReconstruction(),
        };
}
