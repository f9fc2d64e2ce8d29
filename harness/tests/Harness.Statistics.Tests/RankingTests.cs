using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class RankingTests
{
    // scipy.stats.friedmanchisquare, rankdata and studentized_range; Iman and Davenport's F with scipy.stats.f.sf
    [Fact]
    public void Friedmans_test_and_Nemenyis_difference_are_scipys() => Golden.Each("friedmans", golden =>
    {
        var diagram = CriticalDifference.Nemenyi(golden.Rows("scores"), Direction.Higher);
        Near.Equal(golden.Number("statistic"), diagram.Friedman.ChiSquared);
        Near.Equal(golden.Number("p"), diagram.Friedman.P);
        Near.Equal(golden.Number("imanDavenport"), diagram.Friedman.ImanDavenport);
        Near.Equal(golden.Number("difference"), diagram.Difference!.Value, 1e-8);
        foreach (var (expected, rank) in golden.Numbers("averageRanks").Zip(diagram.Friedman.AverageRanks))
            Near.Equal(expected, rank, 1e-12);
    });

    [Fact]
    public void Friedmans_test_with_ties_is_Rs() => Golden.EachOfR("friedman", golden =>
    {
        var friedman = Friedman.Test(golden.Rows("scores"), Direction.Lower);
        Near.Equal(golden.Number("statistic"), friedman.ChiSquared);
        Near.Equal(golden.Number("p"), friedman.P);
    });

    // Demšar (2006), table 5a: critical values for Nemenyi's test at 0.05, two to ten classifiers
    [Fact]
    public void Nemenyis_critical_values_are_those_of_the_published_table()
    {
        double[] published = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164];
        for (var systems = 2; systems <= 10; systems++)
            Assert.Equal(published[systems - 2], Probability.NormalRangeQuantile(0.95, systems) / Math.Sqrt(2), 1.1e-3);
    }

    [Fact]
    public void Rank_one_is_the_best_either_way()
    {
        double[][] scores = [[1, 2, 3], [4, 5, 6]];
        Assert.Equal([2, 1], Friedman.Test(scores, Direction.Higher).AverageRanks);
        Assert.Equal([1, 2], Friedman.Test(scores, Direction.Lower).AverageRanks);
        Assert.Throws<ArgumentException>(() => Friedman.Test(scores, Direction.Neutral));
    }

    [Fact]
    public void Datasets_that_all_rank_alike_give_a_small_p_and_not_zero() =>
        Near.Equal(1.0 / (6 * 6 * 6), Friedman.Test([[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 9, 9.5]], Direction.Higher).ImanDavenport, 1e-12);

    [Fact]
    public void All_tied_is_no_difference()
    {
        var friedman = Friedman.Test([[1, 1], [1, 1], [1, 1]], Direction.Higher);
        Assert.Equal((0.0, 1.0), (friedman.ChiSquared, friedman.P));
    }

    [Fact]
    public void A_system_without_a_score_has_no_place()
    {
        Assert.Throws<ArgumentException>(() => Friedman.Test([[1, 2], [1]], Direction.Higher));
        Assert.Throws<ArgumentException>(() => Friedman.Test([[1, 2], [1, double.NaN]], Direction.Higher));
    }

    [Fact]
    public void Bars_join_neighbours_nearer_than_the_critical_difference()
    {
        // Ranks 1, 2, 3, 4 on all of twelve datasets: neighbours are 1 apart, the difference is 1.354, so no two bars are longer.
        double[][] scores = [.. Enumerable.Range(0, 4)
            .Select(system => Enumerable.Range(0, 12).Select(dataset => dataset * 10.0 - system).ToArray())];
        var diagram = CriticalDifference.Nemenyi(scores, Direction.Higher);
        Assert.Equal([0, 1, 2, 3], diagram.Order);
        Assert.Equal(["0,1", "1,2", "2,3"], diagram.Groups.Select(group => string.Join(',', group)));
    }

    [Fact]
    public void Pairwise_signed_ranks_tell_apart_what_is_apart_on_every_dataset()
    {
        // 0 and 1 differ by noise, 2 is worse everywhere.
        double[] noise = [0.1, -0.3, 0.2, -0.1, 0.4, -0.2, -0.35, 0.15, 0.05, -0.06, 0.3, -0.33];
        double[][] scores = [[.. noise.Select((_, dataset) => (double)dataset)], [.. noise.Select((value, dataset) => dataset + value)],
            [.. noise.Select((_, dataset) => dataset - 1.0 - dataset / 100.0)]];
        var diagram = CriticalDifference.WilcoxonHolm(scores, Direction.Higher);
        Assert.Null(diagram.Difference);
        Assert.Equal(2, diagram.Order[2]);
        Assert.Equal([0, 1], Assert.Single(diagram.Groups).Order());
    }

    [Fact]
    public void Groups_are_never_inside_one_another() => Scores.Sample(scores =>
    {
        var groups = CriticalDifference.Nemenyi(scores, Direction.Higher).Groups;
        return groups.All(group => group.Count >= 2 && groups.Count(other => group.All(other.Contains)) == 1);
    });

    [Fact]
    public void A_place_is_lost_to_every_system_that_is_significantly_better()
    {
        // 0 beats 2 and 3 beyond doubt; every other pair is open.
        var places = RankInterval.OfTests([0.9, 0.8, 0.7, 0.6], (one, other) => one == 0 && other >= 2 ? 1e-6 : 0.4, Direction.Higher);
        Assert.Equal([new(1, 2), new(1, 4), new(2, 4), new(2, 4)], places);
    }

    [Fact]
    public void Places_hold_together_so_each_test_is_corrected()
    {
        // 0.02 is significant alone, but not as one of six.
        var places = RankInterval.OfTests([4, 3, 2, 1], (_, _) => 0.02, Direction.Higher);
        Assert.All(places, place => Assert.Equal(new(1, 4), place));
        Assert.Equal(new(1, 1), RankInterval.OfTests([4, 3], (_, _) => 0.02, Direction.Higher)[0]);
        Assert.Equal(new(2, 2), RankInterval.OfTests([4, 3], (_, _) => 0.02, Direction.Lower)[0]);
    }

    [Fact]
    public void Intervals_that_do_not_overlap_decide_a_place()
    {
        Interval[] energies = [new(1, 2, 0.95), new(1.5, 3, 0.95), new(4, 5, 0.95)];
        Assert.Equal([new(1, 2), new(1, 2), new(3, 3)], RankInterval.OfIntervals(energies, Direction.Lower));
        Assert.Equal([new(2, 3), new(2, 3), new(1, 1)], RankInterval.OfIntervals(energies, Direction.Higher));
    }

    [Fact]
    public void Every_place_between_the_bounds_holds_the_place_of_the_score() => Gen.Double[0, 1].Array[2, 8].Sample(scores =>
    {
        Func<int, int, double> p = (one, other) => Math.Abs(scores[one] - scores[other]) < 0.3 ? 0.5 : 1e-9;
        var places = RankInterval.OfTests(scores, p, Direction.Higher);
        return scores.Index().All(entry => scores.Count(other => other > entry.Item) + 1 is var place
            && places[entry.Index].Best <= place && place <= places[entry.Index].Worst);
    });

    static Gen<double[][]> Scores => Gen.Double[0, 1].Array[6].Array[2, 7];
}
