using CsCheck;

namespace Harness.Statistics.Tests;

/// <summary>The tests of paired values: McNemar, sign flips, signed ranks, Hodges-Lehmann, equivalence.</summary>
public sealed class PairedTestsTests
{
    // Sums of binomials in 40 digits; scipy.stats.binomtest for the smaller ones
    [Fact]
    public void McNemars_p_is_the_exact_binomial() => Golden.Each("mcnemar", golden =>
        Near.Equal(golden.Number("expected"), McNemar.Exact(golden.Whole("onlyFirst"), golden.Whole("onlySecond"))));

    [Fact]
    public void McNemars_p_does_not_depend_on_the_order_of_the_arms() => Counts.Sample((first, second) =>
        McNemar.Exact(first, second) == McNemar.Exact(second, first) && McNemar.Exact(first, second) is > 0 and <= 1);

    // scipy.stats.permutation_test over all flips; for 20 to 40 whole numbers the counts of every sum in Python
    [Fact]
    public void The_sign_flip_test_counts_all_flips_up_to_forty_differences() => Golden.Each("signFlips", golden =>
        Near.Equal(golden.Number("expected"), SignFlip.Test(golden.Numbers("values"), new Chance(1), Side(golden.Text("alternative"))),
            1e-12));

    [Fact]
    public void Sampled_flips_agree_with_all_flips()
    {
        var values = Enumerable.Range(0, 40).Select(index => Math.Sin(index) + 0.2).ToArray();
        var exact = SignFlip.Test(values, new Chance(1));
        // A forty-first difference, next to nothing, is one too many to count all flips of.
        double[] padded = [.. values, 1e-9];
        var sampled = SignFlip.Test(padded, new Chance(1), resamples: 40_000);
        Assert.InRange(sampled, exact - 0.01, exact + 0.01);
    }

    [Fact]
    public void A_sampled_p_is_never_zero_and_the_same_for_the_same_seed() => Gen.Select(Gen.ULong, Gen.Int[1, 99])
        .Sample((seed, resamples) =>
        {
            double[] values = [.. Enumerable.Range(1, 60).Select(index => (double)index)];
            var p = SignFlip.Test(values, new Chance(seed), resamples: resamples);
            return p >= 1.0 / (resamples + 1) && p == SignFlip.Test(values, new Chance(seed), resamples: resamples);
        });

    [Fact]
    public void Zeros_change_nothing() => Assert.Equal(
        SignFlip.Test([1, 2, -0.5, 3], new Chance(1)), SignFlip.Test([0, 1, 0, 2, -0.5, 0, 3, 0], new Chance(1)));

    [Fact]
    public void Without_any_difference_the_p_is_one()
    {
        foreach (var side in Enum.GetValues<Alternative>()) Assert.Equal(1, SignFlip.Test([0, 0, 0], new Chance(1), side));
        Assert.Equal(1, SignedRank.Test([0, 0]));
    }

    [Fact]
    public void Flipping_all_signs_swaps_the_sides() => Differences.Sample(values =>
    {
        double[] flipped = [.. values.Select(value => -value)];
        return SignFlip.Test(values, new Chance(1), Alternative.Greater) == SignFlip.Test(flipped, new Chance(1), Alternative.Less)
            && SignFlip.Test(values, new Chance(1)) == SignFlip.Test(flipped, new Chance(1))
            && SignedRank.Test(values) == SignedRank.Test(flipped);
    });

    // Both one-sided tests inverted by brute force over every subset mean
    [Fact]
    public void The_sign_flip_interval_inverts_the_test() => Golden.Each("signFlipIntervals", golden =>
        Near.Equal(golden.Number("low"), golden.Number("high"),
            SignFlip.Interval(golden.Numbers("values"), new Chance(1), golden.Number("level"))));

    [Fact]
    public void The_sign_flip_interval_leaves_out_zero_just_when_a_one_sided_test_rejects() => Differences.Sample(values =>
    {
        var interval = SignFlip.Interval(values, new Chance(1), 0.9);
        var tail = (1 - interval.Level) / 2 + 1e-9;
        var (greater, less) = (SignFlip.Test(values, new Chance(1), Alternative.Greater),
            SignFlip.Test(values, new Chance(1), Alternative.Less));
        return interval.Low > 0 == greater <= tail && interval.High < 0 == less <= tail;
    });

    [Fact]
    public void Too_few_pairs_give_the_widest_interval_with_the_level_it_has() =>
        Assert.Equal(new Interval(1, 3, 0.5), SignFlip.Interval([1, 3], new Chance(1)));

    [Fact]
    public void A_sampled_sign_flip_interval_is_near_the_exact_one()
    {
        double[] values = [.. Enumerable.Range(0, 18).Select(index => Math.Cos(index * index) + 0.3)];
        var exact = SignFlip.Interval(values, new Chance(1));
        var sampled = SignFlip.Interval([.. values, values[0]], new Chance(1));
        Assert.InRange(sampled.Low, exact.Low - 0.1, exact.Low + 0.1);
        Assert.InRange(sampled.High, exact.High - 0.1, exact.High + 0.1);
        Assert.Equal(0.95, sampled.Level, 1e-12);
    }

    // exactRankTests::wilcox.exact for ties; stats::wilcox.test(exact = FALSE, correct = TRUE) beyond 200
    [Fact]
    public void The_signed_rank_test_is_Rs_with_ties_and_beyond_two_hundred() => Golden.Each("signedRank", golden =>
        Near.Equal(golden.Number("expected"), SignedRank.Test(golden.Numbers("values"))));

    [Fact]
    public void The_signed_rank_test_is_the_sign_flip_test_of_ranks() => Differences.Sample(drawn =>
    {
        double[] values = [.. drawn.Select(value => value == 0 ? 0.25 : value)];
        // Twice the mean rank: those smaller count two, those equal, itself among them, one, and one more for counting from 1.
        double[] ranks = [.. values.Select(value =>
            Math.Sign(value) * (1 + values.Sum(other => 1.0 + Math.Sign(Math.Abs(value) - Math.Abs(other)))))];
        return Math.Abs(SignedRank.Test(values) - SignFlip.Test(ranks, new Chance(1))) < 1e-12;
    });

    // stats::wilcox.test(conf.int = TRUE, exact = TRUE)
    [Fact]
    public void Hodges_and_Lehmanns_estimate_and_interval_are_Rs() => Golden.Each("hodgesLehmann", golden =>
    {
        Near.Equal(golden.Number("estimate"), HodgesLehmann.Estimate(golden.Numbers("values")), 1e-12);
        Near.Equal(golden.Number("low"), golden.Number("high"), HodgesLehmann.Interval(golden.Numbers("values"), golden.Number("level")),
            1e-12);
    });

    [Fact]
    public void An_outlier_does_not_move_the_estimate() =>
        Near.Equal(HodgesLehmann.Estimate([1, 2, 3, 4, 5]), HodgesLehmann.Estimate([1, 2, 3, 4, 1e6]), 0.2);

    [Fact]
    public void Beyond_two_hundred_differences_the_interval_passes_smoothly_into_the_normal_one()
    {
        double[] values = [.. Enumerable.Range(0, 201).Select(index => Math.Sin(index * 1.7) + 0.1 * index / 200)];
        var (exact, approximate) = (HodgesLehmann.Interval(values.AsSpan(..200)), HodgesLehmann.Interval(values));
        Assert.InRange(approximate.Low, exact.Low - 0.02, exact.Low + 0.02);
        Assert.InRange(approximate.High, exact.High - 0.02, exact.High + 0.02);
    }

    // statsmodels.stats.weightstats.DescrStatsW.ttost_mean
    [Fact]
    public void The_two_one_sided_tests_are_those_of_statsmodels() => Golden.Each("equivalence", golden =>
    {
        var equivalence = Equivalence.Test(golden.Numbers("values"), golden.Number("margin"));
        Near.Equal(golden.Number("lower"), equivalence.Lower);
        Near.Equal(golden.Number("upper"), equivalence.Upper);
        Assert.Equal(Math.Max(equivalence.Lower, equivalence.Upper), equivalence.P);
    });

    [Fact]
    public void Two_equal_differences_are_no_proof_of_equivalence_and_ten_are()
    {
        Assert.Equal(0.25, Equivalence.Test([0, 0], 0.1).P);
        Assert.True(Equivalence.Test(new double[10], 0.1).P < 0.001);
        Assert.Equal(1, Equivalence.Test([0.2, 0.2, 0.2], 0.1).P);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_margin_is_positive(double margin) => Assert.Throws<ArgumentOutOfRangeException>(() => Equivalence.Test([1, 2], margin));

    static Gen<(int First, int Second)> Counts => Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300]);

    /// <summary>Quarters, whose sums are exact, so that a subset mean of zero is zero.</summary>
    static Gen<double[]> Differences => Gen.Int[-12, 16].Select(quarters => quarters / 4.0).Array[2, 12];

    static Alternative Side(string name) => name switch
    {
        "greater" => Alternative.Greater,
        "less" => Alternative.Less,
        _ => Alternative.TwoSided,
    };
}
