using System.Globalization;
using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Biclusters;
using Suites.Clustering.Episodes;
using Suites.Clustering.Families;
using Suites.Clustering.Families.Ambiguity;
using Suites.Clustering.Families.Biclustering;
using Suites.Clustering.Families.FewShot;
using Suites.Clustering.Metrics;
using Suites.Clustering.Metrics.Biclustering;

namespace Suites.Clustering;

/// <summary>
/// Clusterings of points whose clusters are known: families never see a target, and the score is taken on all points. Beside them, few-shot
/// tasks that are solved by clustering, and scatterplots whose clusters are more or less clear.
/// </summary>
public static class ClusteringSuite
{
    public static Suite Create() => new("clustering", "Clustering",
    [
        new Benchmark<LabeledPoint, ClusterPrediction>("points", "Clusters of points")
        {
            Datasets =
            [
                PointClouds.Blobs, PointClouds.UnequalBlobs, PointClouds.Moons, PointClouds.Rings, .. ToySets.All, .. GagolewsSets.All,
                .. DericSets.All, .. ReceptiveFields.All, .. ImagePoints.All,
            ],
            Families =
            [
                new SingleCluster(), new KMeans(), new SphericalKMeans(), new GaussianMixtureModel(), new Agglomerative(), new Dbscan(),
                new Hdbscan(), new SpectralClustering(), new MeanShift(), new XMeans(), new GMeans(), new PartitiveReconstruction(),
                new MostDiscriminativeStimuli(), new SpectralCoClustering(), new ElasticNetSubspaces(),
            ],
            Metrics =
            [
                new AdjustedRandIndex(), new AdjustedMutualInformation(), new NormalizedMutualInformation(),
                new NormalizedMutualInformation(EntropyMean.Geometric), new ClusteringAccuracy(), new Homogeneity(), new Completeness(),
                new FowlkesMallows(), new Purity(), new Silhouette(), new DaviesBouldin(), new CalinskiHarabasz(),
            ],
            Withhold = point => point with { Label = -1 },
            Target = point => $"{point.Label}",
            Answer = prediction => $"{prediction.Cluster}",
            Unsupervised = true,
        },
        new Benchmark<FewShotTask, TaskPrediction>("few-shot", "Few-shot tasks solved by clustering")
        {
            Datasets = FewShotTasks.All,
            Families = [new NearestPrototype(), new LaplacianShot()],
            Metrics = [new TaskAccuracy()],
            Withhold = task => task with { Queries = [.. task.Queries.Select(_ => -1)] },
            Target = task => string.Join(' ', task.Queries),
            Answer = prediction => string.Join(' ', prediction.Classes),
        },
        new Benchmark<Scatterplot, AmbiguityPrediction>("ambiguity", "How unclear the clusters of scatterplots are")
        {
            Datasets = StandardDatasets.Scatterplots,
            Families = [new ClamsSurrogate()],
            Metrics = [new EnsembleCorrelation()],
            // What people saw is not published: there is nothing to withhold.
            Withhold = plot => plot,
            Target = plot => plot.Name,
            Answer = prediction => prediction.Ambiguity.ToString("R", CultureInfo.InvariantCulture),
            Unsupervised = true,
        },
        new Benchmark<CountRecording, BiclusterPrediction>("biclusters", "Neurons and time bins of spike counts")
        {
            Datasets = SimulatedBiclusters.All,
            Families = [new BayesBiclustering(), new SmoothedKMeans(), new CountCoClustering()],
            Metrics =
            [
                new NeuronRandIndex(), new ExactNeurons(), new StateAccuracy(), new StateRandIndex(), new GroupCountProbability(),
                new NeuronEntropy(), new EffectiveSampleSize(),
            ],
            Withhold = recording => recording.WithoutLabels(),
            Target = recording => Labels(recording.NeuronLabels.ToArray(), recording.StateLabels.ToArray()),
            Answer = prediction => Labels(prediction.Neurons, prediction.States),
            Unsupervised = true,
        },
    ]);

    static string Labels(IReadOnlyList<int> neurons, IReadOnlyList<int> states) =>
        $"{string.Join(' ', neurons)} / {string.Join(' ', states)}";
}
