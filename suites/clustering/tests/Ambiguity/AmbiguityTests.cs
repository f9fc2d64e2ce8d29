using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Testing;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Families.Ambiguity;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Ambiguity;

public sealed class AmbiguityTests
{
    static Benchmark<Scatterplot, AmbiguityPrediction> Benchmark { get; } =
        ClusteringSuite.Create().Benchmarks.OfType<Benchmark<Scatterplot, AmbiguityPrediction>>().Single();

    // The curve whose knee the package kneed tests (convex, decreasing: 2); a curve that only rises bends where it begins, a straight line
    // nowhere.
    [Theory]
    [InlineData(new double[] { 100, 40, 20, 15, 10, 5, 4, 3, 2, 1 }, 2)]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6 }, 0)]
    [InlineData(new double[] { 9, 1, 1.2, 1.5, 1.7, 2 }, 1)]
    [InlineData(new double[] { 5, 4, 3, 2, 1 }, null)]
    [InlineData(new double[] { 3, 3, 3 }, null)]
    public void The_knee_is_where_the_curve_bends(double[] heights, int? knee) =>
        Assert.Equal(knee, Kneedle.OfFallingConvexOrNull(heights, sensitivity: 1));

    // scipy 1.10.1: Delaunay's triangulation without edges whose circle holds the third corner, as the published code finds them.
    [Fact]
    public void Neighbours_are_those_of_the_published_way_through_triangles()
    {
        var points = new PointTable([0.417, 0.72, 0, 0.302, 0.147, 0.092, 0.186, 0.346, 0.397, 0.539, 0.419, 0.685, 0.204, 0.878, 0.027,
            0.67], 8, 2);
        var edges = from one in Enumerable.Range(0, 8)
                    from other in Enumerable.Range(one + 1, 7 - one)
                    where GabrielGraph.AreNeighbors(points, one, other)
                    select (one, other);
        Assert.Equal([(0, 5), (0, 6), (1, 2), (1, 3), (1, 7), (2, 3), (3, 4), (3, 7), (4, 5), (4, 7), (5, 7), (6, 7)], edges);
    }

    // numpy 1.24.2, eigh and the published formulas; the pair's plot begins at -1.5 and is 9 wide.
    [Fact]
    public void Features_are_those_of_a_second_implementation()
    {
        var one = ComponentShape.Of([1, 2], [2, 0.5, 0.5, 1], 120).Scaled(-1.5, 9);
        var other = ComponentShape.Of([4, 1], [1, -0.3, -0.3, 3], 80).Scaled(-1.5, 9);
        var features = PairFeatures.Of(one, other);
        double[] expected =
        [
            -1.323825642335106, -0.9696574394914361, 1.0546119028662773, 0.09474041128413947, 0.35136418446315326, 0.6150910118467199,
            0.09393370519967209, 0.5712393413264717, 2.9839230982813887, 0.40062294678032906, 3838.9964091722577, 1535.5985636689034,
            -0.1944338695319774, 1.3238256423351058,
        ];
        double[] actual =
        [
            features.RotationDifference, features.RotationSine, features.RotationMean, features.ScalingDifference, features.MeanDifference,
            features.ScalingSize, features.ScalingSizeDifference, features.MeanDifferenceByScaling, features.EllipticityMean,
            features.EllipticityDifference, features.DensityMean, features.DensityDifference, features.AngleMean, features.AngleDifference,
        ];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void Two_clusters_are_least_clear_at_a_middle_distance()
    {
        double[] distances = [0, 2, 2.75, 3.25, 4.5, 6, 8];
        double[] ambiguities = [.. distances.Select(distance => Enumerable.Range(1, 3)
            .Average(seed => Ask(Pair(distance, (ulong)seed, points: 400), seed).Ambiguity))];
        var highest = distances[Array.IndexOf(ambiguities, ambiguities.Max())];
        Assert.InRange(highest, 2, 3.5);
        Assert.InRange(ambiguities[0], 0, 0.05);
        Assert.All(ambiguities[^2..], ambiguity => Assert.InRange(ambiguity, 0, 0.05));
    }

    [Fact]
    public void Where_a_plot_lies_how_large_it_is_and_how_it_is_turned_does_not_matter()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var plot = Pair(2.8, (ulong)seed);
            var (cos, sin, scale) = (Math.Cos(seed), Math.Sin(seed), Math.Pow(10, seed % 7 - 3));
            var moved = plot with
            {
                Points = [.. plot.Points.Select(point => new[]
                {
                    scale * (cos * point[0] - sin * point[1]) + 7 * scale, scale * (sin * point[0] + cos * point[1]) - 3 * scale,
                })],
            };
            Assert.Equal(Ask(plot, seed).Ambiguity, Ask(moved, seed).Ambiguity, 0.02);
        }
    }

    [Fact]
    public void An_answer_that_is_open_is_one_bit_and_one_that_is_sure_none()
    {
        Assert.Equal(1, ClusterAmbiguity.Entropy(0.5), 1e-12);
        Assert.Equal(ClusterAmbiguity.Entropy(0.2), ClusterAmbiguity.Entropy(0.8), 1e-12);
        Assert.InRange(ClusterAmbiguity.Entropy(1), 0, 2e-4);
    }

    [Fact]
    public void The_family_keeps_the_contract()
    {
        // Three clusters in a row: the outer two are no neighbours.
        Scatterplot[] plots = [.. Enumerable.Range(0, 4).Select(at => Pair(5 + 0.5 * at, (ulong)at + 3)).Select((pair, at) => pair with
        {
            Points = [.. pair.Points, .. pair.Points.Where((_, place) => place % 2 == 1)
                .Select(point => new[] { point[0] + 5 + 0.5 * at, point[1] })],
        })];
        FamilyContract.Of(Benchmark, new ClamsSurrogate(), new([], []), plots)
            .Varying("least", 0.0).Check();
    }

    [Fact]
    public void Plots_without_points_or_of_three_axes_are_refused()
    {
        Assert.Contains("The plot empty has no points", Assert.Throws<HarnessException>(() => Ask(new("empty", []), 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("point 0 has 3 coordinates", Assert.Throws<HarnessException>(() => Ask(new("solid", [[1, 2, 3]]), 1)).Message,
            StringComparison.Ordinal);
        Assert.Equal(new(0, 1, []), Ask(new("one", [[1, 2]]), 1) with { Pairs = [] });
    }

    // scipy 1.10.1, spearmanr.
    [Fact]
    public void Rank_correlations_share_ranks_between_equal_values()
    {
        Assert.Equal(0.13471506281091267, RankCorrelation.Of([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], [2, 7, 1, 8, 2, 8, 1, 8, 2, 8]), 1e-12);
        Assert.True(double.IsNaN(RankCorrelation.Of([1, 2], [3, 3])));
    }

    [Fact]
    public void Algorithms_agree_about_clusters_that_lie_apart_and_not_about_noise()
    {
        Assert.InRange(Ensemble.Disagreement(Pair(12, 1)), 0, 0.35);
        var chance = new Chance(1);
        double[][] noise = [.. Enumerable.Range(0, 200).Select(_ => new[] { chance.Unit(), chance.Unit() })];
        Assert.InRange(Ensemble.Disagreement(new("noise", noise)), 0.5, 1);
    }

    static AmbiguityPrediction Ask(Scatterplot plot, int seed)
    {
        var context = new RunContext(seed, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        using var model = new ClamsSurrogate().Prepare(new([], []), context);
        return model.Predict([plot])[0];
    }

    // Two round clusters of equally many points and standard deviation 1, their centres this far apart.
    static Scatterplot Pair(double distance, ulong seed, int points = 100)
    {
        var chance = new Chance(seed);
        return new($"{distance}", [.. Enumerable.Range(0, points)
            .Select(at => new[] { chance.Normal() + at % 2 * distance, chance.Normal() })]);
    }
}
