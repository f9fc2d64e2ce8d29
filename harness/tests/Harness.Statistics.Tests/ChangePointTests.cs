using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class ChangePointTests
{
    // numpy over all pairs, as the equation is written
    [Fact]
    public void The_statistic_is_the_energy_distance_over_different_pairs() => Golden.Each("energy", golden =>
    {
        var (expected, actual) = (golden.Number("expected"), ChangePoints.Statistic(golden.Numbers("before"), golden.Numbers("after")));
        Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
    });

    [Fact]
    public void The_statistic_does_not_depend_on_the_side() => Gen.Select(Segment, Segment).Sample((before, after) =>
        Math.Abs(ChangePoints.Statistic(before, after) - ChangePoints.Statistic(after, before)) < 1e-9);

    [Fact]
    public void A_step_is_found_where_it_is()
    {
        var series = Noise(1, 40, index => index < 25 ? 0 : 4);
        var change = ChangePoints.StrongestOrNull(series, new Chance(1))!;
        Assert.Equal(25, change.Index);
        Assert.Equal(1.0 / 200, change.P);
        Assert.Equal(Quantiles.Median(series.AsSpan(..25)), change.Before);
        Assert.Equal(Quantiles.Median(series.AsSpan(25..)), change.After);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-4)]
    public void A_fall_is_found_like_a_rise(double step)
    {
        var change = Assert.Single(Of(Noise(2, 60, index => index < 30 ? 0 : step)));
        Assert.Equal(30, change.Index);
        Assert.Equal(Math.Sign(step), Math.Sign(change.Change));
    }

    [Fact]
    public void A_step_up_and_back_down_is_two_changes()
    {
        var changes = Of(Noise(3, 120, index => index is >= 50 and < 70 ? 5 : 0));
        Assert.Equal([50, 70], changes.Select(change => change.Index));
        Assert.True(changes[0].Change > 0 && changes[1].Change < 0);
    }

    [Fact]
    public void A_staircase_over_several_windows_is_found_step_by_step() =>
        Assert.Equal([40, 90, 140, 190], Of(Noise(4, 200, index => 5 * ((index + 10) / 50))).Select(change => change.Index));

    // A change of spread has no place in a comparison of means; the energy distance sees it.
    [Fact]
    public void A_change_of_spread_alone_is_a_change_of_distribution()
    {
        var series = Noise(5, 100, _ => 0);
        for (var index = 50; index < 100; index++) series[index] *= 12;
        Assert.InRange(Assert.Single(Of(series)).Index, 45, 55);
    }

    [Fact]
    public void A_change_smaller_than_what_matters_is_dropped()
    {
        var series = Noise(6, 80, index => index < 40 ? 0 : 4);
        Assert.Single(Of(series, new() { LeastChange = 3 }));
        Assert.Empty(Of(series, new() { LeastChange = 6 }));
    }

    // 100 series of 60 without a change: each may well be told from noise once in a hundred tests, and has about three.
    [Fact]
    public void Noise_seldom_has_a_change() =>
        Assert.InRange(Enumerable.Range(100, 100).Count(seed => Of(Noise((ulong)seed, 60, _ => 0)).Count > 0), 0, 6);

    [Fact]
    public void A_missing_night_stays_missing_and_shifts_no_index()
    {
        var values = Noise(7, 60, index => index < 30 ? 0 : 4);
        var gaps = values.Select((value, index) => index % 5 == 1 ? null : (double?)value).ToList();
        var change = Assert.Single(ChangePoints.Of(gaps, new Chance(1)));
        Assert.Equal(30, change.Index);
        double[] present = [.. gaps.OfType<double>()];
        var compact = Assert.Single(Of(present));
        Assert.Equal(compact with { Index = 30 }, change);
    }

    [Fact]
    public void The_same_seed_gives_the_same_changes()
    {
        var series = Noise(8, 90, index => index < 45 ? 0 : 1.2);
        Assert.Equal(Of(series), Of(series));
    }

    [Fact]
    public void A_p_is_never_zero_and_always_a_count_of_permutations() => Gen.Select(Segment, Gen.ULong, Gen.Int[1, 60])
        .Sample((series, seed, permutations) =>
        {
            if (ChangePoints.StrongestOrNull(series, new Chance(seed), permutations) is not { } change) return series.Length < 6
                || series.Distinct().Count() == 1;
            var count = change.P * (permutations + 1);
            return change.P >= 1.0 / (permutations + 1) && change.P <= 1 && Math.Abs(count - Math.Round(count)) < 1e-9
                && change.Index >= 3 && change.Index <= series.Length - 3;
        });

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_series_too_short_for_two_segments_has_no_change(int count)
    {
        Assert.Null(ChangePoints.StrongestOrNull(new double[count], new Chance(1)));
        Assert.Empty(Of(new double[count]));
    }

    [Fact]
    public void A_constant_series_has_no_change() => Assert.Empty(Of([.. Enumerable.Repeat(7.0, 100)]));

    [Fact]
    public void A_clamped_outlier_does_not_hide_a_step()
    {
        var series = Noise(9, 45, index => index < 37 ? 0 : 3);
        series[10] = 1e6;
        var change = ChangePoints.StrongestOrNull(Robust.Clamp(series), new Chance(1))!;
        Assert.Equal(37, change.Index);
        Assert.True(change.P <= 0.01);
    }

    static Gen<double[]> Segment => Gen.Double[-5, 5].Select(value => Math.Round(value, 1)).Array[2, 25];

    static IReadOnlyList<ChangePoint> Of(double[] series, ChangePointRules? rules = null) =>
        ChangePoints.Of([.. series.Select(value => (double?)value)], new Chance(12), rules);

    /// <summary>Uniform noise of standard deviation one around a level.</summary>
    static double[] Noise(ulong seed, int count, Func<int, double> level)
    {
        var chance = new Chance(seed);
        return [.. Enumerable.Range(0, count).Select(index => level(index) + (chance.Unit() - 0.5) * Math.Sqrt(12))];
    }
}
