using Harness.Datasets;
using Harness.Testing;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests;

public sealed class ClusteringSuiteTests
{
    static Benchmark<LabeledPoint, ClusterPrediction> Benchmark { get; } =
        (Benchmark<LabeledPoint, ClusterPrediction>)ClusteringSuite.Create().Benchmarks[0];

    [Fact]
    public void K_means_keeps_the_contract()
    {
        var contract = Contract(new KMeans(Clusters: 4, Restarts: 3));
        // It converges long before 300 iterations, and no step is as small as half the tolerance.
        contract.Varying("maxIterations", 1, 2).Varying("tolerance", 0.5, 0.0).Check();
    }

    [Fact]
    public void Spherical_k_means_keeps_the_contract() =>
        Contract(new SphericalKMeans(4, 3)).Varying("maxIterations", 1, 2).Check();

    [Fact]
    public void The_mixture_keeps_the_contract() =>
        // The moons take dozens of iterations; a variance of theirs is about 0.3.
        Contract(new GaussianMixtureModel(4)).Varying("clusters", 3).Varying("maxIterations", 1, 2).Varying("tolerance", 0.5)
            .Varying("regularization", 0.2).Varying("restarts", 9).Check();

    [Fact]
    public void Agglomerative_clustering_keeps_the_contract() => Contract(new Agglomerative(4)).Varying("clusters", 3).Check();

    [Fact]
    public void Dbscan_keeps_the_contract() =>
        Contract(new Dbscan(0.1, 5)).Varying("radius", 0.05).Varying("neighbors", 40).Check();

    [Fact]
    public void Hdbscan_keeps_the_contract() =>
        Contract(new Hdbscan(5, 5)).Varying("smallest", 600).Varying("neighbors", 50)
            .Comparing("oneCluster", new Hdbscan(600), new Hdbscan(600, OneCluster: true)).Check();

    [Fact]
    public void Spectral_clustering_keeps_the_contract() =>
        Contract(new SpectralClustering(4), 300).Varying("clusters", 3).Varying("neighbors", 30)
            .Comparing("gamma", new SpectralClustering(4, Affinity.Gaussian), new SpectralClustering(4, Affinity.Gaussian, Gamma: 0.1))
            .Comparing("restarts", new SpectralClustering(30, Restarts: 1), new SpectralClustering(30, Restarts: 9)).Check();

    [Fact]
    public void Mean_shift_keeps_the_contract() =>
        Contract(new MeanShift(0.4), 300).Varying("bandwidth", 0.8, null).Varying("noise", true).Varying("maxIterations", 1)
            .Comparing("quantile", new MeanShift(), new MeanShift(Quantile: 0.1)).Check();

    [Fact]
    public void X_means_keeps_the_contract() =>
        Contract(new XMeans()).Varying("fewest", 9).Varying("most", 3).Check();

    [Fact]
    public void G_means_keeps_the_contract() =>
        Contract(new GMeans()).Varying("critical", 30.0).Varying("most", 3).Check();

    [Fact]
    public void Partitive_partitioning_keeps_the_contract() =>
        Contract(new PartitiveReconstruction(), 300).Varying("agreement", 0.99).Varying("certainty", 0.999).Varying("most", 2).Check();

    [Fact]
    public void Most_discriminative_stimuli_keep_the_contract() =>
        Contract(new MostDiscriminativeStimuli(4), 100).Varying("contrast", 0.2).Check();

    [Fact]
    public void Spectral_co_clustering_keeps_the_contract()
    {
        // Weights: the moons, moved to where no coordinate is negative.
        LabeledPoint[] points = [.. Points.Of(PointClouds.Moons).Take(200).Select(point => point with
        {
            Coordinates = point.Coordinates.ToArray().Select(value => value + 2).Append(1).ToArray(),
        })];
        FamilyContract.Of(Benchmark, new SpectralCoClustering(4), new(points, points), points)
            .Comparing("restarts", new SpectralCoClustering(50, 1), new SpectralCoClustering(50, 60)).Check();
    }

    [Fact]
    public void Elastic_net_subspaces_keep_the_contract() =>
        Contract(new ElasticNetSubspaces(4), 150).Varying("clusters", 3).Varying("sparsity", 0.1).Varying("strength", 2.0)
            .Comparing("restarts", new ElasticNetSubspaces(30, Restarts: 1), new ElasticNetSubspaces(30, Restarts: 40)).Check();

    [Fact]
    public void The_control_keeps_the_contract() => Contract(new SingleCluster()).Check();

    [Fact]
    public void Every_listed_family_is_tested_here() =>
        Assert.Equal(["single-cluster", "k-means", "spherical-k-means", "gmm", "agglomerative", "dbscan", "hdbscan", "spectral",
            "mean-shift", "x-means", "g-means", "ppp-reconstruction", "most-discriminative-stimuli", "spectral-co-clustering", "ensc"],
            Benchmark.Families.Select(family => family.Card.Id));

    [Fact]
    public void Targets_are_withheld_in_training_and_at_test_time()
    {
        Assert.True(Benchmark.Unsupervised);
        Assert.Equal(-1, Benchmark.Withhold(new(new[] { 1.0 }, 3)).Label);
    }

    [Fact]
    public void The_primary_metric_has_an_interval_and_names_its_normaliser_or_its_repeats()
    {
        Assert.Equal(("adjusted-rand-index", IntervalRule.Bootstrap), (Benchmark.Metrics[0].Card.Id, Benchmark.Metrics[0].Card.Interval));
        Assert.Contains("repeats", Benchmark.Metrics[0].Card.Definition);
        Assert.Contains("arithmetic", Benchmark.Metrics[1].Card.Definition);
    }

    [Fact]
    public void The_control_scores_nothing()
    {
        var points = Points.Of(PointClouds.Blobs);
        var predictions = Points.Prepare(new SingleCluster(), points).Model.Predict(points);
        foreach (var metric in new IMetric<LabeledPoint, ClusterPrediction>[] { new AdjustedRandIndex(), new AdjustedMutualInformation(),
            new NormalizedMutualInformation() })
            Assert.Equal(0, Points.Score(metric, points, predictions), 1e-12);
    }

    static FamilyContract<LabeledPoint, ClusterPrediction> Contract(IModelFamily<LabeledPoint, ClusterPrediction> family,
        int most = int.MaxValue)
    {
        LabeledPoint[] points = [.. Points.Of(PointClouds.Moons).Take(most)];
        return FamilyContract.Of(Benchmark, family, new(points, points), points);
    }
}
