using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.PointSets;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests;

public sealed class PointSetTests
{
    static readonly PointTable Eight =
        new([0, 0, 0.1, 0.3, 0.25, 0.05, 0.4, 0.45, 0.55, 0.2, 0.7, 0.9, 0.8, 0.1, 0.95, 0.6], 8, 2);

    public PointSetTests() => TorchSession.Begin(seed: 1, threads: 1);

    // numpy 1.24.2.
    [Fact]
    public void Centres_groups_and_shares_are_those_of_a_second_implementation()
    {
        var grouping = PointGrouping.Of(Eight, centers: 4, radius: 0.45);
        Assert.Equal([0, 5, 6, 3], grouping.Centers);
        int[][] around = [[0, 2, 1], [5, 7], [6, 4], [3, 4, 1, 2]];
        foreach (var (center, members) in grouping.Groups.Chunk(PointGrouping.Members).Index())
            Assert.Equal([.. around[center], .. Enumerable.Repeat(grouping.Centers[center], PointGrouping.Members - around[center].Length)],
                members);
        Assert.Equal([0, 3, 2, 0, 3, 2, 0, 3, 2, 3, 2, 1, 2, 3, 0, 1, 3, 2, 2, 3, 0, 1, 2, 3], grouping.Near);
        double[] shares = [0.481332, 0.427851, 0.090817, 0.637235, 0.226961, 0.135804];
        Assert.All(shares.Zip(grouping.Shares[3..]), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Of_many_points_around_a_centre_the_nearest_the_farthest_and_those_between_count()
    {
        var line = new PointTable([.. Enumerable.Range(0, 160).SelectMany(at => new[] { at / 200.0, 0 })], 160, 2);
        var members = PointGrouping.Of(line, centers: 1, radius: 1).Groups;
        Assert.Equal(Enumerable.Range(0, PointGrouping.Members).Select(at => 10 * at), members);
    }

    [Fact]
    public void Few_and_equal_points_have_groups_too()
    {
        var one = PointGrouping.Of(new([0.5, 0.5], 1, 2), 4, 0.1);
        Assert.Equal([0], one.Centers);
        Assert.Equal([0, 0, 0], one.Near);
        Assert.Equal([1f, 0, 0], one.Shares);
        Assert.Single(PointGrouping.Of(new(new double[20], 10, 2), 4, 0.1).Centers);
    }

    // numpy 1.24.2.
    [Fact]
    public void The_likelihood_of_pairs_is_that_of_a_second_implementation_and_a_mean_over_annotators()
    {
        using var scope = NewDisposeScope();
        var probabilities = tensor([0.7, 0.2, 0.1, 0.6, 0.3, 0.1, 0.1, 0.1, 0.8, 1, 0, 0], [4, 3]);
        long[] annotations = [0, 0, 1, 1, 0, 1, 1, 1];
        var together = PairLikelihood.Together(tensor(annotations, [2, 4])).to(float64);
        Assert.Equal(0.8728814150507611, PairLikelihood.Loss(probabilities, together).item<double>(), 1e-12);
        var each = annotations.Chunk(4).Average(labels => PairLikelihood.Loss(probabilities,
            PairLikelihood.Together(tensor(labels, [1, 4])).to(float64)).item<double>());
        Assert.Equal(0.8728814150507611, each, 1e-12);
    }

    [Fact]
    public void Names_of_slots_do_not_matter_and_certainty_of_the_right_pairs_costs_nothing()
    {
        using var scope = NewDisposeScope();
        var together = PairLikelihood.Together(tensor(new long[] { 0, 0, 1 }, [1, 3]));
        var right = tensor(new float[] { 0, 1, 0, 0, 1, 0, 1, 0, 0 }, [3, 3]);
        Assert.Equal(0, PairLikelihood.Loss(right, together).item<float>(), 1e-5);
        Assert.Equal(0, PairLikelihood.Loss(right.flip(1), together).item<float>(), 1e-5);
        Assert.True(PairLikelihood.Loss(right.flip(0), together).item<float>() > 1);
    }

    [Fact]
    public void Each_point_of_each_set_has_a_row_and_gradients_reach_every_parameter()
    {
        using var scope = NewDisposeScope();
        using var network = new PointSegmentation(7);
        PointSet[] sets = [Drawn(1, 50), Drawn(2, 200)];
        network.eval();
        var logits = network.Forward(PointSetBatch.Of(sets));
        Assert.Equal([250, 7], logits.shape);
        (logits * randn(logits.shape)).sum().backward();
        foreach (var (name, parameter) in network.named_parameters())
            Assert.True(parameter.grad is { } gradient && gradient.count_nonzero().item<long>() > 0, $"{name} has no gradient");
    }

    [Fact]
    public void A_set_is_answered_beside_others_as_it_is_alone()
    {
        using var scope = NewDisposeScope();
        using var network = new PointSegmentation(7);
        network.eval();
        PointSet[] sets = [Drawn(1, 50), Drawn(2, 200)];
        var together = network.Forward(PointSetBatch.Of(sets));
        Assert.True(allclose(together.narrow(0, 50, 200), network.Forward(PointSetBatch.Of([sets[1]])), 1e-4, 1e-5));
    }

    [Fact]
    public void The_square_of_a_set_has_side_1_and_its_middle_at_the_origin()
    {
        var set = PointSet.Of(new([3, 10, 5, 10, 4, 11], 3, 2));
        Assert.Equal([-0.5, -0.25, 0, 0.25, 0.5, -0.25], set.Points.Values);
        Assert.Equal([0, 2, 1], set.Order);
    }

    static PointSet Drawn(ulong seed, int points)
    {
        var chance = new Chance(seed);
        return PointSet.Of(new([.. Enumerable.Range(0, 2 * points).Select(_ => chance.Unit())], points, 2));
    }
}
