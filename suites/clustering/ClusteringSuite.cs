using System.Globalization;
using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Annotations;
using Suites.Clustering.Biclusters;
using Suites.Clustering.Episodes;
using Suites.Clustering.Families;
using Suites.Clustering.Families.Ambiguity;
using Suites.Clustering.Families.Annotations;
using Suites.Clustering.Families.Biclustering;
using Suites.Clustering.Families.FewShot;
using Suites.Clustering.Families.Graphs;
using Suites.Clustering.Families.Tensors;
using Suites.Clustering.Graphs;
using Suites.Clustering.Metrics;
using Suites.Clustering.Metrics.Annotations;
using Suites.Clustering.Metrics.Biclustering;
using Suites.Clustering.Metrics.Graphs;
using Suites.Clustering.Metrics.Tensors;
using Suites.Clustering.Tensors;

namespace Suites.Clustering;

/// <summary>
/// Clusterings of points whose clusters are known: families never see a target, and the score is taken on all points. Beside them, few-shot
/// tasks that are solved by clustering, recordings of spike counts, weighted graphs, tensors of pairs over time, and scatterplots whose
/// clusters are more or less clear or are given by several annotators.
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
        new Benchmark<AnnotatedPlot, PlotPartition>("annotations", "Scatterplots as annotators cluster them")
        {
            Datasets = AnnotatedPlots.All,
            Families = [new PlotAlgorithm(), new TypicalAnnotator()],
            Metrics = [new GroupKappa(), new AnnotatorRandIndex()],
            Withhold = plot => plot with { Annotations = [] },
            Target = plot => string.Join(" / ", plot.Annotations.Select(labels => string.Join(' ', labels))),
            Answer = partition => string.Join(' ', partition.Clusters),
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
        new Benchmark<WeightedGraph, GraphPartition>("graphs", "Communities of weighted graphs")
        {
            Datasets = SimulatedLfrGraphs.All,
            Families = [new WeightedBlockModel(), new Louvain()],
            Metrics = [new GraphMutualInformation(), new GraphRandIndex(), new ExcessGroups()],
            Withhold = graph => graph.WithoutCommunities(),
            Target = graph => string.Join(' ', graph.Communities),
            Answer = partition => string.Join(' ', partition.Groups),
            Unsupervised = true,
        },
        new Benchmark<PairTensor, MotifPrediction>("motifs", "Groups of nodes that change together for a while")
        {
            Datasets = SimulatedMotifs.All,
            Families = [new DynamicConnectome()],
            Metrics =
            [
                new MotifCongruence(), new MatchedMotifs(), new ExcessMotifs(), new ExactMotifCount(), new MotifRandIndex(),
                new RelativeError(),
            ],
            Withhold = tensor => tensor.WithoutMotifs(),
            Target = tensor => Groups(tensor.Motifs),
            Answer = prediction => Groups(prediction.Motifs),
            Unsupervised = true,
        },
    ]);

    static string Groups(IReadOnlyList<Motif> motifs) => string.Join(" / ", motifs.Select(motif => string.Join(' ', motif.Groups)));

    static string Labels(IReadOnlyList<int> neurons, IReadOnlyList<int> states) =>
        $"{string.Join(' ', neurons)} / {string.Join(' ', states)}";
}
