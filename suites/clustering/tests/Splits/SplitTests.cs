using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Splits;

namespace Suites.Clustering.Tests.Splits;

public sealed class SplitTests
{
    static readonly PointTable Curls = PointTable.ForTraining(Points.Curls);

    // scipy 1.10.1, stats.anderson(sample).statistic times 1 + 4/n - 25/n^2.
    [Theory]
    [InlineData(0, 60, 1.0211380092047788)]
    [InlineData(1, 60, 0.5016254462354142)]
    [InlineData(0, 20, 1.1030786027150044)]
    public void Normality_is_tested_as_an_independent_implementation_does(int axis, int count, double expected) =>
        Assert.Equal(expected, AndersonDarling.Statistic([.. Enumerable.Range(0, count).Select(point => Curls[point][axis])]), 1e-9);

    // From densities: numpy 1.24.2 and scipy 1.10.1, sum of log(1/3) + multivariate_normal(mean, s^2 I).logpdf, less 9/2 log 60.
    [Fact]
    public void A_partition_scores_as_its_densities_say()
    {
        var assignment = Enumerable.Range(0, 60).Select(point => point / 20).ToArray();
        var inertia = Enumerable.Range(0, 3).Sum(cluster =>
        {
            var members = Curls.Of([.. Enumerable.Range(20 * cluster, 20)]);
            var mean = PrincipalAxis.Middle(members);
            return Enumerable.Range(0, 20).Sum(point => Nearest.Squared(members[point], mean));
        });
        Assert.Equal(-285.7802791253936, SphericalScore.Of(Curls, assignment, 3, inertia), 1e-9);
    }

    [Fact]
    public void The_principal_axis_of_a_line_is_the_line()
    {
        var axis = PrincipalAxis.Of(new([0, 0, 3, 4, 6, 8], 3, 2), CancellationToken.None);
        Assert.Equal([0.6, 0.8], axis.Direction.Select(value => Math.Round(value, 12)));
        Assert.Equal(50.0 / 3, axis.Variance, 1e-12);
        Assert.Equal(5, axis.Along([6, 8]), 1e-12);
    }

    // In whatever unit the coordinates are.
    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    public void The_unit_of_the_coordinates_changes_no_cluster(double unit)
    {
        LabeledPoint[] points = [.. Points.Of(PointClouds.UnequalBlobs).Take(400)];
        LabeledPoint[] scaled = [.. points.Select(point =>
            point with { Coordinates = point.Coordinates.ToArray().Select(value => unit * value).ToArray() })];
        foreach (var family in new IModelFamily<LabeledPoint, ClusterPrediction>[] { new XMeans(), new GMeans(),
            new PartitiveReconstruction(), new SpectralClustering(5), new MeanShift(), new ElasticNetSubspaces(3) })
            Assert.Equal(1, Points.Score(new AdjustedRandIndex(), Clusters(family, points), Clusters(family, scaled)));
    }

    static IEnumerable<int> Clusters(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points) =>
        Points.Prepare(family, points).Model.Predict(points).Select(prediction => prediction.Cluster);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Round_clusters_of_a_circle_are_counted(int seed)
    {
        var points = Points.Of(PointClouds.Blobs);
        AssertFound(5, new XMeans(), points, seed);
    }

    // Clusters that the first cuts do not cut: G-means never puts together what it has split.
    [Fact]
    public void Normal_clusters_of_different_widths_are_counted()
    {
        var chance = new Chance(9);
        LabeledPoint[] points = [.. Enumerable.Range(0, 800).Select(i => new LabeledPoint(new[]
        {
            40 * (i % 2) + (1 + i % 4) * chance.Normal(), 25 * (i / 2 % 2) + 0.5 * chance.Normal(),
        }, i % 4))];
        AssertFound(4, new GMeans(), points, 1);
    }

    static void AssertFound(int clusters, IModelFamily<LabeledPoint, ClusterPrediction> family, IReadOnlyList<LabeledPoint> points,
        int seed)
    {
        var predictions = Points.Prepare(family, points, seed).Model.Predict(points);
        Assert.Equal(clusters, predictions.Distinct().Count());
        Assert.InRange(Points.Score(new AdjustedRandIndex(), points, predictions), 0.99, 1);
    }

    [Fact]
    public void One_normal_cluster_is_not_split_and_an_oblong_one_is_by_round_clusters_alone()
    {
        var chance = new Chance(4);
        LabeledPoint[] oblong = [.. Enumerable.Range(0, 600).Select(_ => Points.At(9 * chance.Normal(), chance.Normal()))];
        Assert.Single(Points.Prepare(new GMeans(), oblong).Model.Predict(oblong).Distinct());
        Assert.NotEqual(1, Points.Prepare(new XMeans(), oblong).Model.Predict(oblong).Distinct().Count());
        LabeledPoint[] round = [.. Enumerable.Range(0, 600).Select(_ => Points.At(chance.Normal(), chance.Normal()))];
        Assert.Single(Points.Prepare(new XMeans(Fewest: 1), round).Model.Predict(round).Distinct());
    }
}
