using System.Text.Json;
using Harness.Datasets;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Metrics;

/// <summary>Scores against those of scikit-learn 1.2.1 (golden values beside the data).</summary>
public sealed class GoldenMetricTests
{
    const double Exact = 1e-9;

    static IEnumerable<(string Name, IMetric<LabeledPoint, ClusterPrediction> Metric)> Partitions { get; } =
    [
        ("ACC", new ClusteringAccuracy()), ("NMI_arith", new NormalizedMutualInformation()),
        ("NMI_geom", new NormalizedMutualInformation(EntropyMean.Geometric)), ("AMI", new AdjustedMutualInformation()),
        ("ARI", new AdjustedRandIndex()), ("H", new Homogeneity()), ("C", new Completeness()), ("V", new NormalizedMutualInformation()),
        ("FMI", new FowlkesMallows()),
    ];

    [Fact]
    public void Partitions_score_as_the_reference_says()
    {
        foreach (var sample in Points.GoldenOrSkip().GetProperty("label_metrics").EnumerateObject())
        {
            int[] references = Labels(sample.Value.GetProperty("y")), predictions = Labels(sample.Value.GetProperty("p"));
            foreach (var (name, metric) in Partitions)
                Assert.Equal(sample.Value.GetProperty(name).GetDouble(), Points.Score(metric, references, predictions), Exact);
        }
    }

    [Fact]
    public void Geometry_scores_as_the_reference_says()
    {
        var golden = Points.GoldenOrSkip();
        var values = golden.GetProperty("internal").GetProperty("vals");
        var truth = Enumerable.Range(0, 60).Select(i => i / 20).ToArray();
        // The predictions of sample B lie beside its golden scores.
        var other = Labels(golden.GetProperty("label_metrics").GetProperty("B").GetProperty("p"));
        foreach (var (name, clusters) in new[] { ("truth", truth), ("B", other) })
        {
            Assert.Equal(values.GetProperty(name).GetProperty("silhouette").GetDouble(), Score(new Silhouette(), clusters), Exact);
            Assert.Equal(values.GetProperty(name).GetProperty("DB").GetDouble(), Score(new DaviesBouldin(), clusters), Exact);
            Assert.Equal(values.GetProperty(name).GetProperty("CH").GetDouble(), Score(new CalinskiHarabasz(), clusters), 1e-7);
        }
    }

    [Fact]
    public void Geometry_says_nothing_of_one_cluster_or_of_points_alone()
    {
        foreach (var metric in new IMetric<LabeledPoint, ClusterPrediction>[] { new Silhouette(), new DaviesBouldin(),
            new CalinskiHarabasz() })
        {
            Assert.Equal(double.NaN, Score(metric, new int[60]));
            Assert.Equal(double.NaN, Score(metric, [.. Enumerable.Range(0, 60)]));
            Assert.Equal(double.NaN, metric.Begin().Total());
        }
    }

    [Fact]
    public void Equal_points_in_two_clusters_have_a_silhouette_of_nothing()
    {
        var tally = new Silhouette().Begin();
        for (var i = 0; i < 4; i++) tally.Add(Points.At(1, 2), new(i % 2));
        Assert.Equal(0, tally.Total());
    }

    [Fact]
    public void The_best_of_several_references_counts_and_noise_of_a_reference_is_left_out()
    {
        var tally = new AdjustedRandIndex().Begin();
        int[] first = [0, 0, 1, 1, LabeledPoint.Noise], second = [0, 1, 0, 1, 1], predicted = [5, 5, 7, 7, 7];
        for (var i = 0; i < first.Length; i++)
            tally.Add(new LabeledPoint(new double[] { i }, first[i]) { OtherLabels = new[] { second[i] } }, new(predicted[i]));
        Assert.Equal(1, tally.Total());
    }

    [Fact]
    public void Purity_counts_the_most_frequent_reference_of_each_cluster() =>
        Assert.Equal(0.7, Points.Score(new Purity(), [0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 1, 1, 1, 2, 2, 0]), Exact);

    [Fact]
    public void Expected_information_of_a_hundred_thousand_points_is_that_of_the_reference()
    {
        // scikit-learn 1.2.1, adjusted_mutual_info_score.
        var references = Enumerable.Range(0, 100_000).Select(i => i % 37).ToArray();
        var predictions = Enumerable.Range(0, 100_000).Select(i => (int)(i * 7919L / 13 % 101)).ToArray();
        Assert.Equal(Reference, Points.Score(new AdjustedMutualInformation(), references, predictions), Exact);
    }

    const double Reference = -0.004378474966236118;

    static double Score(IMetric<LabeledPoint, ClusterPrediction> metric, int[] clusters)
    {
        var tally = metric.Begin();
        foreach (var (point, cluster) in Points.Curls.Zip(clusters)) tally.Add(point, new(cluster));
        return tally.Total();
    }

    static int[] Labels(JsonElement list) => [.. list.EnumerateArray().Select(label => label.GetInt32())];
}
