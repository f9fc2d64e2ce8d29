using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class QuantileTests
{
    [Fact]
    public void A_quantile_is_numpys() => Golden.Each("quantiles", golden =>
        Near.Equal(golden.Number("expected"), Quantiles.Of(golden.Numbers("values"), golden.Number("share")), 1e-14));

    [Fact]
    public void An_interval_lies_between_the_order_statistics_that_the_binomial_names() => Golden.Each("quantileIntervals", golden =>
    {
        double[] ranks = [.. Enumerable.Range(1, golden.Whole("count")).Select(rank => (double)rank)];
        var interval = Quantiles.Interval(ranks, golden.Number("share"), golden.Number("level"));
        Assert.Equal((golden.Whole("lower"), golden.Whole("upper")), ((int)interval.Low, (int)interval.High));
        Near.Equal(golden.Number("coverage"), interval.Level, 1e-10);
    });

    [Fact]
    public void Too_few_values_for_a_quantile_lower_the_level_and_never_widen_the_truth()
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(rank => (double)rank)];
        var interval = Quantiles.Interval(values, 0.99);
        Assert.Equal(100, interval.High);
        Assert.True(interval.Level < 0.65);
    }

    // Of uniform values, whose quantile is the share itself, in 2 000 draws.
    [Fact]
    public void An_interval_covers_the_true_quantile_as_often_as_it_says()
    {
        var chance = new Chance(17);
        var covered = 0;
        double level = 0;
        for (var turn = 0; turn < 2_000; turn++)
        {
            double[] values = [.. Enumerable.Range(0, 60).Select(_ => chance.Unit())];
            var interval = Quantiles.Interval(values, 0.75);
            level = interval.Level;
            if (interval.Contains(0.75)) covered++;
        }
        Assert.True(level >= 0.95);
        // Four standard errors of 2 000 draws.
        Assert.InRange(covered / 2_000.0, level - 0.02, level + 0.02);
    }

    [Fact]
    public void Quantiles_grow_with_their_share() => Gen.Double[-1e6, 1e6].Array[1, 40].Sample(values =>
        Quantiles.Of(values, 0) == values.Min() && Quantiles.Of(values, 1) == values.Max()
        && Quantiles.Of(values, 0.3) <= Quantiles.Of(values, 0.31) && Quantiles.Median(values) <= Quantiles.Of(values, 0.51));

    [Fact]
    public void Values_are_not_sorted_in_place()
    {
        double[] values = [3, 1, 2];
        Quantiles.Median(values);
        Assert.Equal([3, 1, 2], values);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_refused(double value) =>
        Assert.Throws<ArgumentException>(() => Quantiles.Median([1, value]));

    [Fact]
    public void A_quantile_of_nothing_or_beyond_all_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Quantiles.Median([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Of([1], 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Of([1], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Interval([1, 2], 1));
    }

    [Fact]
    public void A_robust_deviation_is_scipys() => Golden.Each("deviations", golden =>
        Near.Equal(golden.Number("expected"), Robust.Deviation(golden.Numbers("values")), 1e-12));

    [Fact]
    public void Clamping_moves_the_outlier_to_the_bound_and_nothing_else()
    {
        double[] values = [10, 11, 12, 13, 14, 15, 1000];
        var clamped = Robust.Clamp(values, 4);
        // Median 13, median distance 2: by hand.
        Near.Equal(13 + 4 * 2 * 1.482602218505602, clamped[6], 1e-14);
        Assert.Equal(values[..6], clamped[..6]);
    }

    [Fact]
    public void Without_a_spread_nothing_is_clamped_away() => Assert.Equal([5, 5, 5, 5, 9], Robust.Clamp([5, 5, 5, 5, 9]));
}
