using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Families;

/// <summary>Deterministic baselines against scikit-learn 1.2.1 on the same points.</summary>
public sealed class BaselineTests
{
    // AgglomerativeClustering(k, linkage=...).fit_predict of the curls.
    [Theory]
    [InlineData(Linkage.Single, 3, "000000000000000000000000000000000000000000021112000021112000")]
    [InlineData(Linkage.Single, 7, "555335555555533555556111160006111160001100024442000024442000")]
    [InlineData(Linkage.Complete, 3, "222222222222222222221111110111111110011100000000000000000000")]
    [InlineData(Linkage.Complete, 7, "000000000000000000002266621552226621155244113331144113331144")]
    [InlineData(Linkage.Average, 3, "222222222222222222220000000000000000000000011111000011111000")]
    [InlineData(Linkage.Average, 7, "222222222222222222220000006110000006611044653335644653335644")]
    [InlineData(Linkage.Ward, 3, "111111111111111111110000000000000000000000022222000022222000")]
    [InlineData(Linkage.Ward, 7, "555225552255522555221111110001111110000144063336044063336044")]
    public void Agglomerative_clusters_are_those_of_an_independent_implementation(Linkage linkage, int clusters, string expected) =>
        AssertSame(expected, new Agglomerative(clusters, linkage));

    // DBSCAN(eps=radius, min_samples=neighbors).fit_predict of the curls.
    [Theory]
    [InlineData(0.8, 3, "000110000000011000002355-246623-5-2446-3774899-847748-998477")]
    [InlineData(1.0, 4, "0001100000000110000023---24--233--244--35546777645546-776455")]
    public void Dense_clusters_are_those_of_an_independent_implementation(double radius, int neighbors, string expected) =>
        AssertSame(expected, new Dbscan(radius, neighbors));

    [Fact]
    public void Hdbscan_finds_rings_and_how_many_there_are_and_calls_strays_noise()
    {
        LabeledPoint[] points = [.. Points.Of(PointClouds.Rings), Points.At(50, 50), Points.At(-40, 3)];
        var predictions = Points.Prepare(new Hdbscan(Smallest: 20), points).Model.Predict(points);
        Assert.Equal([-1, -1], predictions.TakeLast(2).Select(prediction => prediction.Cluster));
        Assert.Equal(2, predictions.Select(prediction => prediction.Cluster).Where(cluster => cluster >= 0).Distinct().Count());
        Assert.InRange(Points.Score(new AdjustedRandIndex(), points[..^2], [.. predictions.SkipLast(2)]), 0.95, 1);
    }

    [Theory]
    [InlineData("hepta", 7)]
    [InlineData("tetra", 4)]
    [InlineData("chainlink", 2)]
    public void Hdbscan_finds_the_number_of_clusters(string set, int clusters)
    {
        var points = Points.ReferenceSetOrSkip(set);
        var predictions = Points.Prepare(new Hdbscan(Smallest: 10), points).Model.Predict(points);
        Assert.Equal(clusters, predictions.Select(prediction => prediction.Cluster).Where(cluster => cluster >= 0).Distinct().Count());
    }

    [Fact]
    public void Equal_points_are_never_parted()
    {
        LabeledPoint[] points = [.. Enumerable.Range(0, 40).Select(i => Points.At(i % 4, 0))];
        foreach (var linkage in Enum.GetValues<Linkage>())
        {
            var predictions = Points.Prepare(new Agglomerative(4, linkage), points).Model.Predict(points);
            Assert.Equal(4, predictions.Distinct().Count());
            Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(predictions[i % 4], predictions[i]));
        }
        var error = Assert.Throws<TrainingFailedException>(() => Points.Prepare(new Agglomerative(5), points));
        Assert.Contains("only 4 different points; allowed is 1..4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_point_is_one_cluster_or_noise()
    {
        LabeledPoint[] points = [Points.At(3, 4)];
        Assert.Equal(0, Predicted(new Agglomerative(1), points));
        Assert.Equal(-1, Predicted(new Dbscan(), points));
        Assert.Equal(0, Predicted(new Dbscan(Neighbors: 1), points));
        Assert.Equal(-1, Predicted(new Hdbscan(), points));
        Assert.Equal(0, Predicted(new GaussianMixtureModel(1), points));

        static int Predicted(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points) =>
            Points.Prepare(family, points).Model.Predict(points)[0].Cluster;
    }

    [Fact]
    public void A_point_that_was_not_seen_goes_to_the_cluster_of_the_nearest() =>
        Assert.Equal([0, 1], Points.Prepare(new Agglomerative(2, Linkage.Single), [Points.At(0, 0), Points.At(9, 9)]).Model
            .Predict([Points.At(1, 1), Points.At(8, 7)]).Select(prediction => prediction.Cluster));

    [Fact]
    public void A_point_that_is_no_number_is_named()
    {
        foreach (var family in new IModelFamily<LabeledPoint, ClusterPrediction>[] { new Agglomerative(1), new Dbscan(), new Hdbscan(),
            new GaussianMixtureModel(1) })
        {
            var error = Assert.Throws<TrainingFailedException>(() => Points.Prepare(family, [Points.At(0), Points.At(double.NaN)]));
            Assert.Contains("point 1 is NaN on axis 0", error.Message, StringComparison.Ordinal);
        }
    }

    static void AssertSame(string expected, IModelFamily<LabeledPoint, ClusterPrediction> family)
    {
        var predictions = Points.Prepare(family, Points.Curls).Model.Predict(Points.Curls);
        Assert.Equal(expected.Select(c => c == '-'), predictions.Select(prediction => prediction.Cluster < 0));
        Assert.Equal(1, Points.Score(new AdjustedRandIndex(), expected.Select(c => (int)c), predictions.Select(p => p.Cluster)));
    }
}
