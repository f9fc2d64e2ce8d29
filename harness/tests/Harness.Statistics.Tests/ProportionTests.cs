using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class ProportionTests
{
    // statsmodels.stats.proportion.proportion_confint, methods wilson and beta
    [Fact]
    public void Intervals_of_a_share_are_those_of_statsmodels() => Golden.Each("proportions", golden =>
    {
        var (successes, trials, level) = (golden.Whole("successes"), golden.Whole("trials"), golden.Number("level"));
        var (wilson, exact) = (golden.Numbers("wilson"), golden.Numbers("exact"));
        // statsmodels leaves rounding errors of either sign where the ends are 0 and 1.
        var (low, high) = (successes == 0 ? 0 : wilson[0], successes == trials ? 1 : wilson[1]);
        Near.Equal(low, high, Proportion.Wilson(successes, trials, level));
        Near.Equal(exact[0], exact[1], Proportion.Exact(successes, trials, level));
    });

    // The likelihood maximized and the statistic inverted numerically by scipy.optimize
    [Fact]
    public void The_interval_of_a_paired_difference_inverts_the_score_statistic() => Golden.Each("pairedDifferences", golden =>
    {
        var (onlyFirst, onlySecond, samples) = (golden.Whole("onlyFirst"), golden.Whole("onlySecond"), golden.Whole("samples"));
        Near.Equal(golden.Number("low"), golden.Number("high"),
            Proportion.PairedDifference(onlyFirst, onlySecond, samples, golden.Number("level")));
    });

    [Fact]
    public void Ten_equal_answers_leave_a_wide_interval_and_ten_thousand_a_narrow_one()
    {
        Assert.False(Proportion.PairedDifference(0, 0, 10).IsWithin(0.2));
        Assert.True(Proportion.PairedDifference(0, 0, 10_000).IsWithin(0.0005));
    }

    [Fact]
    public void Swapping_the_arms_mirrors_the_interval() => Counts.Sample((first, second, rest) =>
    {
        var (one, other) = (Proportion.PairedDifference(first, second, first + second + rest),
            Proportion.PairedDifference(second, first, first + second + rest));
        return Math.Abs(one.Low + other.High) < 1e-12 && Math.Abs(one.High + other.Low) < 1e-12;
    });

    [Fact]
    public void Every_interval_holds_its_estimate_and_stays_in_range() => Counts.Sample((first, second, rest) =>
    {
        var (trials, difference) = (first + second + rest, (second - first) / (double)(first + second + rest));
        var paired = Proportion.PairedDifference(first, second, trials);
        var (wilson, exact) = (Proportion.Wilson(first, trials), Proportion.Exact(first, trials));
        return paired.Contains(difference) && paired.Low >= -1 && paired.High <= 1
            && wilson.Contains(first / (double)trials) && wilson.Low >= 0 && wilson.High <= 1
            && exact.Contains(first / (double)trials) && exact.Low >= 0 && exact.High <= 1;
    });

    [Fact]
    public void A_higher_level_never_narrows() => Gen.Select(Counts, Gen.Double[0.5, 0.98]).Sample((counts, level) =>
    {
        var (successes, trials) = (counts.First, counts.First + counts.Others);
        return Width(Proportion.Wilson(successes, trials, level)) <= Width(Proportion.Wilson(successes, trials, level + 0.01))
            && Width(Proportion.Exact(successes, trials, level)) <= Width(Proportion.Exact(successes, trials, level + 0.01));
    });

    // Coverage is summed over the binomial, not simulated. Wilson's averages out near the level (Agresti and Coull 1998); the exact
    // interval's is never below it.
    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public void Wilson_covers_about_and_the_exact_interval_at_least_as_often_as_it_says(int trials)
    {
        var (wilson, exact) = (Enumerable.Range(0, trials + 1).Select(k => Proportion.Wilson(k, trials)).ToArray(),
            Enumerable.Range(0, trials + 1).Select(k => Proportion.Exact(k, trials)).ToArray());
        double[] shares = [.. Enumerable.Range(1, 99).Select(step => step / 100.0)];
        Assert.InRange(shares.Average(share => Coverage(wilson, share)), 0.94, 0.965);
        Assert.All(shares, share => Assert.InRange(Coverage(wilson, share), 0.82, 1));
        Assert.All(shares, share => Assert.InRange(Coverage(exact, share), 0.95, 1));
    }

    [Fact]
    public void A_paired_difference_is_covered_about_as_often_as_it_says()
    {
        var (chance, covered) = (new Chance(23), 0);
        for (var turn = 0; turn < 3_000; turn++)
        {
            int onlyFirst = 0, onlySecond = 0;
            for (var sample = 0; sample < 80; sample++)
                if (chance.Unit() is var draw && draw < 0.15) onlySecond++;
                else if (draw < 0.2) onlyFirst++;
            if (Proportion.PairedDifference(onlyFirst, onlySecond, 80).Contains(0.1)) covered++;
        }
        Assert.InRange(covered / 3_000.0, 0.935, 0.965);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(11, 10)]
    [InlineData(0, 0)]
    public void An_impossible_count_is_refused(int successes, int trials)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(successes, trials));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Exact(successes, trials));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.PairedDifference(successes, 0, trials));
    }

    static Gen<(int First, int Second, int Others)> Counts => Gen.Select(Gen.Int[0, 60], Gen.Int[0, 60], Gen.Int[1, 200]);

    static double Width(Interval interval) => interval.High - interval.Low;

    static double Coverage(Interval[] intervals, double share) => Enumerable.Range(0, intervals.Length)
        .Where(k => intervals[k].Contains(share)).Sum(k => Probability.Binomial(k, intervals.Length - 1, share));
}
