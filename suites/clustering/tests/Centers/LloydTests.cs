using CsCheck;
using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Tests.Centers;

public sealed class LloydTests
{
    static readonly PointTable Curls = PointTable.ForTraining(Points.Curls);

    // scikit-learn 1.2.1, KMeans(3, init=X[[0, 25, 50]], n_init=1, algorithm='lloyd', tol=tol) on the curls.
    [Theory]
    [InlineData(1e-4, 160.3597309886439, 6)]
    [InlineData(1e-2, 160.3597309886439, 5)]
    [InlineData(0.1, 184.11830417302411, 2)]
    [InlineData(0.5, 184.11830417302411, 2)]
    public void Given_centres_end_where_an_independent_implementation_ends(double tolerance, double inertia, int iterations)
    {
        var placement = Run(Curls, Start(Curls, 0, 25, 50), tolerance);
        Assert.Equal(inertia, placement.Inertia, 1e-9);
        Assert.Equal(iterations, placement.Iterations);
    }

    [Fact]
    public void Given_centres_end_at_the_golden_place()
    {
        var golden = Points.GoldenOrSkip().GetProperty("kmeans_fixed_init");
        var placement = Run(Curls, Start(Curls, 0, 25, 50), 1e-4);
        Assert.Equal(golden.GetProperty("inertia").GetDouble(), placement.Inertia, 1e-9);
        Assert.Equal(golden.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()), placement.Assignment);
        var coordinates = golden.GetProperty("centers").EnumerateArray().SelectMany(center => center.EnumerateArray());
        Assert.All(coordinates.Zip(placement.Centers.Values), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-12));
    }

    // scikit-learn 1.2.1 from the centres (0, 0), (8, 4), (100, 100), (-100, 0): the last two are empty at first.
    [Theory]
    [InlineData(1, 239.7235440059087, 1)]
    [InlineData(2, 186.83620367283865, 2)]
    [InlineData(300, 113.9380905271731, 8)]
    public void An_empty_cluster_moves_to_the_farthest_point(int maxIterations, double inertia, int iterations)
    {
        var placement = Run(Curls, new([0, 0, 8, 4, 100, 100, -100, 0], 4, 2), 1e-4, maxIterations);
        Assert.Equal(inertia, placement.Inertia, 1e-9);
        Assert.Equal(iterations, placement.Iterations);
        Assert.Equal(4, placement.Assignment.Distinct().Count());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(60)]
    public void Distances_that_are_not_computed_change_no_assignment_and_threads_change_no_bit(int clusters)
    {
        var chance = new Chance((ulong)clusters);
        var points = new PointTable([.. Enumerable.Range(0, 900).Select(_ => Math.Round(4 * chance.Normal()))], 300, 3);
        var start = PlusPlus.Draw(points, clusters, new Chance(1));
        foreach (var most in new[] { 1, 2, 3, 5, 300 })
        {
            var placement = new Lloyd(points, 0, most, static _ => { }).Run(start);
            for (var i = 0; i < points.Count; i++) Assert.Equal(Nearest.Of(placement.Centers, points[i]).Center, placement.Assignment[i]);
            Assert.Equal(placement.Centers.Values, new Lloyd(points, 0, most, static _ => { }, threads: 2).Run(start).Centers.Values);
        }
    }

    [Fact]
    public void A_cluster_of_one_point_is_not_emptied_to_fill_another()
    {
        // Centre 2 is empty; the farthest point is alone in cluster 1, so the next farthest moves.
        var points = Table(0, 1, 2, 50);
        var placement = Run(points, new([0.5, 40, 1000], 3, 1), 0, 1);
        Assert.Equal(3, placement.Assignment.Distinct().Count());
        Assert.Equal([0.5, 50, 2], placement.Centers.Values);
    }

    [Fact]
    public void Points_that_all_lie_on_their_centres_leave_a_surplus_centre_where_it_is()
    {
        var placement = Run(Table(1, 1, 5, 5), new([1, 5, 9], 3, 1), 1e-4);
        Assert.Equal(0, placement.Inertia);
        Assert.Equal([1, 5, 9], placement.Centers.Values);
    }

    [Fact]
    public void The_inertia_never_rises_and_the_answer_is_a_fixed_point() =>
        Gen.Select(Gen.Double[-10, 10].Array[1, 80], Gen.Int[1, 6], Gen.Double[-30, 30].Array[6]).Sample((values, count, starts) =>
        {
            var points = Table(values);
            var curve = new List<double>();
            var placement = new Lloyd(points, 0, 10_000, curve.Add).Run(new(starts[..count], count, 1));
            Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.InRange(pair.Second, 0, pair.First + 1e-9));
            Assert.Equal(placement.Iterations, curve.Count);
            Assert.True(placement.Iterations < 10_000);
            foreach (var (point, center) in placement.Assignment.Index())
                Assert.Equal(center, Nearest.Of(placement.Centers, points[point]).Center);
            foreach (var cluster in placement.Assignment.Index().GroupBy(entry => entry.Item))
                Assert.Equal(cluster.Average(entry => values[entry.Index]), placement.Centers.Values[cluster.Key], 1e-9);
            Assert.Equal(Math.Min(count, values.Distinct().Count()), placement.Assignment.Distinct().Count());
        });

    [Fact]
    public void Seeds_are_different_points_and_every_point_can_be_one()
    {
        var points = Table(3, 3, 3, 7, 7, 9);
        var chance = new Chance(5);
        var firsts = new HashSet<double>();
        for (var draw = 0; draw < 200; draw++)
        {
            var seeds = PlusPlus.Draw(points, 3, chance).Values;
            Assert.Equal([3, 7, 9], seeds.Order());
            firsts.Add(seeds[0]);
        }
        Assert.Equal(3, firsts.Count);
    }

    [Fact]
    public void Fewer_different_points_than_centres_give_fewer_seeds() =>
        Assert.Equal([3.0, 7], PlusPlus.Draw(Table(3, 3, 7), 3, new Chance(1)).Values.Order());

    [Fact]
    public void A_further_seed_is_drawn_by_its_squared_distance()
    {
        // From 0 the squared distances to 1 and 3 are 1 and 9; from 1 those to 0 and 3 are 1 and 4; from 3 those to 0 and 1 are 9 and 4.
        var points = Table(0, 1, 3);
        var chance = new Chance(11);
        var pairs = new Dictionary<(double, double), int>();
        const int draws = 60_000;
        for (var draw = 0; draw < draws; draw++)
        {
            var seeds = PlusPlus.Draw(points, 2, chance).Values;
            pairs[(seeds[0], seeds[1])] = pairs.GetValueOrDefault((seeds[0], seeds[1])) + 1;
        }
        // Five standard deviations of a share near 0.3 are 0.0094.
        foreach (var ((first, second), share) in new Dictionary<(double, double), double>
        {
            [(0, 1)] = 0.1 / 3, [(0, 3)] = 0.9 / 3, [(1, 0)] = 0.2 / 3, [(1, 3)] = 0.8 / 3, [(3, 0)] = 9 / 39.0, [(3, 1)] = 4 / 39.0,
        })
            Assert.Equal(share, pairs[(first, second)] / (double)draws, 0.0095);
    }

    static Placement Run(PointTable points, PointTable start, double tolerance, int maxIterations = 300) =>
        new Lloyd(points, tolerance, maxIterations, _ => { }).Run(start);

    static PointTable Start(PointTable points, params int[] indices) =>
        new([.. indices.SelectMany(index => points[index].ToArray())], indices.Length, points.Dimensions);

    static PointTable Table(params double[] values) => new(values, values.Length, 1);
}
