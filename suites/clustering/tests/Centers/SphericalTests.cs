using Harness.Datasets;
using Suites.Clustering.Families;

namespace Suites.Clustering.Tests.Centers;

public sealed class SphericalTests
{
    // numpy 1.24.2, a second implementation, the best of 5000 starts from points drawn without weights.
    [Theory]
    [InlineData(2, 16.467707059043573)]
    [InlineData(3, 8.47982176905511)]
    [InlineData(5, 2.708875586827393)]
    public void The_best_of_many_restarts_is_what_an_independent_implementation_finds(int clusters, double inertia)
    {
        var (model, curve) = Points.Prepare(new SphericalKMeans(clusters, Restarts: 300), Points.Curls);
        Assert.Equal(inertia, Inertia(Points.Curls, model.Predict(Points.Curls)), 1e-9);
        Assert.Equal(inertia, curve.Min(point => point.Loss) * Points.Curls.Count, 1e-9);
    }

    [Fact]
    public void Lengths_do_not_matter()
    {
        LabeledPoint[] points = [.. Enumerable.Range(0, 30).Select(i => Points.At((1 + i) * Math.Cos(i % 3), (1 + i) * Math.Sin(i % 3)))];
        var clusters = Points.Prepare(new SphericalKMeans(3), points).Model.Predict(points);
        Assert.Equal(3, clusters.Distinct().Count());
        Assert.All(clusters.Index(), entry => Assert.Equal(clusters[entry.Index % 3], entry.Item));
    }

    [Fact]
    public void A_point_without_direction_is_refused()
    {
        var error = Assert.Throws<TrainingFailedException>(
            () => Points.Prepare(new SphericalKMeans(1), [Points.At(1, 1), Points.At(0, 0)]));
        Assert.Equal("Point 1 lies at the origin and has no direction, and directions are clustered here; move the origin, or drop "
            + "it before clustering.", error.Message);
    }

    [Fact]
    public void The_inertia_never_rises_within_a_restart()
    {
        var (_, curve) = Points.Prepare(new SphericalKMeans(7, Restarts: 1), Points.Curls);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.Second.Loss <= pair.First.Loss + 1e-12));
    }

    static double Inertia(IReadOnlyList<LabeledPoint> points, IReadOnlyList<ClusterPrediction> predictions)
    {
        double[][] directions = [.. points.Select(point => Scaled(point.Coordinates.ToArray()))];
        return directions.Zip(predictions).GroupBy(pair => pair.Second.Cluster, pair => pair.First).Sum(cluster =>
        {
            var center = Scaled([.. Enumerable.Range(0, directions[0].Length).Select(axis => cluster.Sum(point => point[axis]))]);
            return cluster.Sum(point => point.Zip(center, (one, other) => (one - other) * (one - other)).Sum());
        });
    }

    static double[] Scaled(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }
}
