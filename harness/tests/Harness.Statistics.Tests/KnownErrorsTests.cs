namespace Harness.Statistics.Tests;

/// <summary>Errors that well-known tools have made, each with data on which the error shows, and ours does not make it.</summary>
public sealed class KnownErrorsTests
{
    // MongoDB's signal processing: p = b/(B + 1) is 0 when no permutation reaches the observed value.
    [Fact]
    public void No_p_value_of_a_resampling_is_zero()
    {
        double[] step = [.. Enumerable.Range(0, 100).Select(index => index < 50 ? 0.0 + index % 2 : 1000 + index % 2)];
        Assert.Equal(1.0 / 100, ChangePoints.StrongestOrNull(step, new Chance(1), 99)!.P, 1e-12);
        Assert.Equal(1.0 / 100, SignFlip.Test([.. Enumerable.Repeat(1.0, 60)], new Chance(1), resamples: 99), 1e-12);
        Assert.True(Bootstrap.OfReplicates(1, [.. Enumerable.Repeat(1.0, 98), 1.1]).P() > 0);
    }

    // Apache Otava: standard deviations with ddof 0, too small by √(n/(n − 1)), which is 22 % for three nights.
    [Fact]
    public void A_standard_deviation_divides_by_n_less_one()
    {
        Assert.Equal(1, Moments.Of([1, 2, 3]).StandardDeviation, 1e-15);
        Assert.NotEqual(Math.Sqrt(2.0 / 3), Moments.Of([1, 2, 3]).StandardDeviation, 1e-3);
    }

    // Apache Otava: a missing night takes the value of the night before, so that one odd night becomes a segment.
    [Fact]
    public void A_missing_night_is_not_filled_with_the_night_before()
    {
        var chance = new Chance(1);
        var nights = Enumerable.Range(0, 40).Select(_ => (double?)chance.Unit()).ToList();
        nights[30] = 50;
        for (var night = 31; night < 40; night++) nights[night] = null;
        Assert.Empty(ChangePoints.Of(nights, new Chance(1)));
        for (var night = 31; night < 40; night++) nights[night] = nights[night - 1];
        Assert.Equal(30, Assert.Single(ChangePoints.Of(nights, new Chance(1))).Index);
    }

    // asv: only an increase is a regression; folo: findings on one side only.
    [Fact]
    public void A_fall_of_a_score_that_should_be_high_is_worse_and_a_fall_of_a_latency_is_better()
    {
        double[] before = [.. Enumerable.Range(0, 50).Select(sample => 10 + Math.Sin(sample))];
        double[] after = [.. before.Select(value => value - 1)];
        var comparison = PairedComparison.OfScores(before, after, new Chance(1), 0.1, 999);
        Assert.Equal((Verdict.Worse, Verdict.Better), (comparison.Judge(Direction.Higher), comparison.Judge(Direction.Lower)));
        Assert.Equal(comparison.P, PairedComparison.OfScores(after, before, new Chance(1), 0.1, 999).P);
    }

    // github-action-benchmark: compares with the previous run only, so half a percent a night passes for ever; a run it has no
    // partner for is skipped in silence.
    [Fact]
    public void A_slow_drift_is_found_although_each_night_is_like_the_one_before()
    {
        var chance = new Chance(2);
        double[] nights = [.. Enumerable.Range(0, 45).Select(night => 100 + 0.4 * Math.Max(0, night - 20) + chance.Unit())];
        Assert.All(nights.Zip(nights.Skip(1)), pair => Assert.True(pair.Second / pair.First < 1.02));
        var change = ChangePoints.StrongestOrNull(nights, new Chance(1))!;
        Assert.True(change.P <= 0.01 && change.Change > 3);
    }

    [Fact]
    public void A_sample_without_a_partner_is_an_error_and_no_silent_skip() =>
        Assert.Throws<ArgumentException>(() => PairedComparison.OfCorrect(new bool[5], new bool[6]));

    // ann-benchmarks: the best of five, which rewards the arm that varies more.
    [Fact]
    public void An_arm_that_only_varies_more_is_not_faster()
    {
        double[] steady = [.. Enumerable.Repeat(10.0, 20)],
            erratic = [.. Enumerable.Range(0, 20).Select(run => 10 + (run % 2 == 0 ? 3.0 : -3))];
        double[] differences = [.. erratic.Zip(steady, (one, other) => one - other)];
        Assert.True(erratic.Min() < steady.Min() - 2);
        Assert.Equal(0, HodgesLehmann.Estimate(differences));
        Assert.True(SignFlip.Test(differences, new Chance(1)) > 0.5);
    }

    // HELM: the population's standard deviation as the error bar of a mean.
    [Fact]
    public void The_error_bar_of_a_mean_shrinks_with_the_number_of_runs()
    {
        var (few, many) = (Moments.Of(Runs(5)), Moments.Of(Runs(80)));
        Assert.InRange(many.StandardDeviation / few.StandardDeviation, 0.8, 1.2);
        Assert.True(many.StandardError < few.StandardError / 3.5);
        Assert.True(few.Interval().High - few.Interval().Low > 2 * 2.7 * few.StandardError);

        static double[] Runs(int count) => [.. Enumerable.Range(0, count).Select(run => run % 5 * 0.25)];
    }

    // lm-eval: an unpaired z-test of two models on the same samples misses what pairing shows.
    [Fact]
    public void Pairing_shows_a_difference_that_an_unpaired_test_misses()
    {
        bool[] first = [.. Enumerable.Range(0, 1000).Select(sample => sample < 700)];
        bool[] second = [.. Enumerable.Range(0, 1000).Select(sample => sample < 715)];
        var unpaired = 0.015 / Math.Sqrt(0.7 * 0.3 / 1000 + 0.715 * 0.285 / 1000);
        Assert.True(unpaired < 1.96);
        Assert.True(PairedComparison.OfCorrect(first, second).P < 0.0001);
    }

    // lm-eval, discussion 2089: seeds and samples in one error bar. More samples must not shrink what seeds cause.
    [Fact]
    public void Seed_variance_and_sample_variance_are_two_numbers()
    {
        var (few, many) = (VarianceComponents.Of(Scores(50)), VarianceComponents.Of(Scores(5_000)));
        Assert.InRange(many.SeedError / few.SeedError, 0.7, 1.4);
        Assert.True(many.SampleError < few.SampleError / 5);

        // Each seed has a share of its own right, and which samples those are differs.
        static double[][] Scores(int samples) => [.. Enumerable.Range(0, 5).Select(seed =>
            Enumerable.Range(0, samples).Select(sample => (sample * 7 + seed * 3) % 50 < 25 + seed * 4 ? 1.0 : 0).ToArray())];
    }

    // aprender, change 2684: one pooled deviation over hosts of different speed hides a regression of 19 %.
    [Fact]
    public void A_regression_on_every_host_is_not_hidden_by_how_different_the_hosts_are()
    {
        double[] host = [1, 3, 10, 30, 100, 300, 1000, 2000];
        double[] before = [.. host], after = [.. host.Select((time, index) => time * (1.19 + 0.01 * (index % 3 - 1)))];
        var pooled = (Moments.Of(after).Mean - Moments.Of(before).Mean)
            / Math.Sqrt(Math.Pow(Moments.Of(before).StandardError, 2) + Math.Pow(Moments.Of(after).StandardError, 2));
        Assert.True(pooled < 0.5);
        double[] ratios = [.. before.Zip(after, (one, other) => Math.Log(other / one))];
        Assert.Equal(1.0 / 256, SignFlip.Test(ratios, new Chance(1), Alternative.Greater));
        Near.Equal(0.19, Math.Exp(HodgesLehmann.Estimate(ratios)) - 1, 0.05);
    }
}
