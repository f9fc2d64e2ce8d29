using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Partitions;

namespace Suites.Clustering.Tests.Families;

public sealed class PartitiveTests
{
    [Theory]
    [InlineData("hepta", 7)]
    [InlineData("tetra", 4)]
    [InlineData("twodiamonds", 2)]
    public void The_number_of_clusters_is_found_and_labels_depend_on_neither_seed_nor_order(string set, int clusters)
    {
        var points = Points.ReferenceSetOrSkip(set);
        var first = Labels(points, seed: 1);
        Assert.Equal(clusters, first.Distinct().Count());
        Assert.Equal(1, Points.Score(new AdjustedRandIndex(), points.Select(point => point.Label), first), 1e-3);
        for (var seed = 2; seed <= 20; seed++)
        {
            var order = Enumerable.Range(0, points.Count).ToArray();
            new Chance((ulong)seed).Shuffle(order.AsSpan());
            var shuffled = Labels([.. order.Select(place => points[place])], seed);
            Assert.All(order.Index(), entry => Assert.Equal(first[entry.Item], shuffled[entry.Index]));
        }
    }

    // 27 mixtures of 2 to 10 Gaussians whose centres are at least four deviations apart; 95 of 100 must be counted right.
    [Fact]
    public void Gaussians_four_deviations_apart_are_counted()
    {
        var (chance, right) = (new Chance(7), 0);
        for (var clusters = 2; clusters <= 10; clusters++)
            for (var draw = 0; draw < 3; draw++)
                if (Labels(Drawn(clusters, chance), 1).Distinct().Count() == clusters) right++;
        Assert.InRange(right, 26, 27);
    }

    // What it cannot do: clusters that are no clouds.
    [Theory]
    [InlineData("chainlink")]
    [InlineData("ring")]
    public void Rings_are_cut_into_pieces(string set)
    {
        var points = Points.ReferenceSetOrSkip(set);
        Assert.InRange(Points.Score(new AdjustedRandIndex(), points.Select(point => point.Label), Labels(points, 1)), -0.1, 0.5);
    }

    [Fact]
    public void Separate_clusters_are_a_separable_set_and_one_cloud_cut_in_two_is_not()
    {
        var chance = new Chance(3);
        LabeledPoint[] cloud = [.. Enumerable.Range(0, 400).Select(_ => Points.At(2 * chance.Normal(), chance.Normal()))];
        LabeledPoint[] two = [.. cloud.Select((point, i) =>
            Points.At(point.Coordinates.Span[0] + 40 * (i % 2), point.Coordinates.Span[1]))];
        Assert.Equal(1, Second(two).Separable);
        Assert.InRange(Second(cloud).Separable, 0, 0.7);

        static JudgedPartition Second(LabeledPoint[] points) =>
            new PartitiveSearch(CanonicalPoints.Of(PointTable.ForTraining(points)).Standardized(), 1, CancellationToken.None).Partitions()
                .ElementAt(1);
    }

    static int[] Labels(IReadOnlyList<LabeledPoint> points, int seed) =>
        [.. Points.Prepare(new PartitiveReconstruction(), points, seed).Model.Predict(points).Select(prediction => prediction.Cluster)];

    static LabeledPoint[] Drawn(int clusters, Chance chance)
    {
        var (centers, side) = (new List<double[]>(), 4 * Math.Sqrt(clusters) + 4);
        while (centers.Count < clusters)
        {
            double[] center = [side * chance.Unit(), side * chance.Unit()];
            if (centers.TrueForAll(other => Nearest.Squared(other, center) >= 16)) centers.Add(center);
        }
        return [.. centers.SelectMany((center, k) => Enumerable.Range(0, 100).Select(_ =>
            new LabeledPoint(new[] { center[0] + chance.Normal(), center[1] + chance.Normal() }, k)))];
    }
}
