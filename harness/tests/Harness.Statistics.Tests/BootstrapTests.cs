namespace Harness.Statistics.Tests;

public sealed class BootstrapTests
{
    // scipy.stats.bootstrap: its replicates and its intervals
    [Fact]
    public void Intervals_of_given_replicates_are_scipys() => Golden.Each("bootstraps", golden =>
    {
        var bootstrap = Bootstrap.OfReplicates(golden.Number("estimate"), golden.Numbers("replicates"), golden.Number("acceleration"));
        Near.Equal(golden.Numbers("bca")[0], golden.Numbers("bca")[1], bootstrap.Bca(golden.Number("level")));
        Near.Equal(golden.Numbers("percentile")[0], golden.Numbers("percentile")[1], bootstrap.Percentile(golden.Number("level")), 1e-12);
        Near.Equal(golden.Number("standardError"), bootstrap.StandardError, 1e-12);
    });

    [Fact]
    public void The_acceleration_is_that_of_the_jackknife() => Golden.Each("bootstraps", golden =>
    {
        var values = golden.Numbers("values");
        Func<ReadOnlySpan<int>, double> statistic = golden.Text("statistic") == "mean" ? drawn => MeanOf(values, drawn)
            : drawn => Moments.Of(Chosen(values, drawn)).StandardDeviation;
        var bootstrap = Bootstrap.Of(values.Length, statistic, new Chance(1), 50);
        Near.Equal(golden.Number("acceleration"), bootstrap.Acceleration);
        Near.Equal(golden.Number("estimate"), bootstrap.Estimate, 1e-12);
    });

    [Fact]
    public void The_fast_mean_is_the_general_bootstrap_of_the_mean()
    {
        double[] values = [.. Enumerable.Range(0, 300).Select(index => index % 7 == 0 ? 0.0 : 1)];
        var (fast, general) = (Bootstrap.OfMean(values, new Chance(9), 400),
            Bootstrap.Of(values.Length, drawn => MeanOf(values, drawn), new Chance(9), 400));
        for (var replicate = 0; replicate < 400; replicate++) Near.Equal(general.Replicates[replicate], fast.Replicates[replicate], 1e-12);
        Near.Equal(general.Acceleration, fast.Acceleration);
        Near.Equal(general.Bca().Low, general.Bca().High, fast.Bca());
    }

    [Fact]
    public void Above_a_thousand_units_groups_are_left_out_and_the_acceleration_stays_about_the_same()
    {
        // Ascending, so that neighbours are alike; the skewness of 1 000 groups itself is uncertain by a tenth.
        double[] values = [.. Enumerable.Range(0, 5_000).Select(index => -Math.Log(1 - (index + 0.5) / 5_000))];
        var fast = Bootstrap.OfMean(values, new Chance(1), 2);
        var grouped = Bootstrap.Of(values.Length, drawn => MeanOf(values, drawn), new Chance(1), 2);
        Near.Equal(fast.Acceleration, grouped.Acceleration, 0.3);
    }

    [Fact]
    public void A_cluster_is_drawn_whole()
    {
        int[] cluster = [5, 5, 9, 9, 9, 2];
        Bootstrap.OfClusters(cluster, drawn =>
        {
            var counts = new int[6];
            foreach (var sample in drawn) counts[sample]++;
            Assert.Equal(counts[0], counts[1]);
            Assert.Equal(counts[2], counts[3]);
            Assert.Equal(counts[3], counts[4]);
            return drawn.Length;
        }, new Chance(4), 200);
    }

    [Fact]
    public void Samples_of_a_cluster_that_agree_make_the_interval_wider()
    {
        // Twenty speakers with ten words each, all right or all wrong.
        int[] speaker = [.. Enumerable.Range(0, 200).Select(word => word / 10)];
        double[] right = [.. speaker.Select(number => number % 4 == 0 ? 0.0 : 1)];
        var naive = Bootstrap.OfMean(right, new Chance(1), 999).StandardError;
        var clustered = Bootstrap.OfClusters(speaker, drawn => MeanOf(right, drawn), new Chance(1), 999).StandardError;
        Near.Equal(Math.Sqrt(10), clustered / naive, 0.1);
    }

    [Fact]
    public void The_standard_error_of_a_mean_is_the_known_one()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(index => (double)(index % 2))];
        Near.Equal(0.5 / Math.Sqrt(400), Bootstrap.OfMean(values, new Chance(2), 4_000).StandardError, 0.04);
    }

    // Efron and Tibshirani: BCa keeps close to its level where the percentile interval of a skewed mean does not.
    [Fact]
    public void Bca_covers_the_mean_of_a_skewed_distribution_better_than_percentiles()
    {
        var (chance, bca, percentile) = (new Chance(31), 0, 0);
        for (var turn = 0; turn < 1_000; turn++)
        {
            double[] values = [.. Enumerable.Range(0, 20).Select(_ => -Math.Log(1 - chance.Unit()))];
            var bootstrap = Bootstrap.OfMean(values, chance, 399);
            if (bootstrap.Bca(0.9).Contains(1)) bca++;
            if (bootstrap.Percentile(0.9).Contains(1)) percentile++;
        }
        Assert.InRange(bca / 1_000.0, 0.85, 0.92);
        Assert.True(bca > percentile, $"{bca} and {percentile} of 1000");
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(index => Math.Sqrt(index))];
        Assert.Equal(Bootstrap.OfMean(values, Chance.From("a"), 99).Bca(), Bootstrap.OfMean(values, Chance.From("a"), 99).Bca());
        Assert.NotEqual(Bootstrap.OfMean(values, Chance.From("a"), 99).Bca(), Bootstrap.OfMean(values, Chance.From("b"), 99).Bca());
    }

    [Fact]
    public void A_statistic_without_spread_has_an_empty_interval_and_an_extreme_one_a_finite_interval()
    {
        Assert.Equal(new Interval(1, 1, 0.95), Bootstrap.OfMean([1, 1, 1], new Chance(1), 99).Bca());
        var extreme = Bootstrap.OfReplicates(10, [1, 2, 3, 4], acceleration: 0.16).Bca(0.999);
        Assert.InRange(extreme.Low, 1, 4);
        Assert.InRange(extreme.High, extreme.Low, 4);
    }

    [Fact]
    public void Replicates_that_equal_the_estimate_count_half_to_either_side()
    {
        double[] replicates = [.. Enumerable.Range(0, 100).Select(index => index < 20 ? 0.0 : index < 80 ? 1 : 2)];
        var bootstrap = Bootstrap.OfReplicates(1, replicates);
        Assert.Equal(bootstrap.Percentile(0.7), bootstrap.Bca(0.7));
    }

    [Theory]
    [InlineData(-1, 2.0 / 101)]
    [InlineData(50.5, 1)]
    [InlineData(1000, 2.0 / 101)]
    [InlineData(3, 8.0 / 101)]
    public void The_p_of_a_bootstrap_is_twice_the_smaller_tail_and_never_zero(double hypothesis, double expected) =>
        Near.Equal(expected, Bootstrap.OfReplicates(50, [.. Enumerable.Range(1, 100).Select(value => (double)value)]).P(hypothesis), 1e-12);

    [Fact]
    public void A_statistic_that_is_undefined_for_some_resample_is_refused() => Assert.Throws<ArgumentException>(() =>
        Bootstrap.Of(5, drawn => drawn.Contains(0) ? 1 : double.NaN, new Chance(1), 99));

    [Fact]
    public void A_single_unit_cannot_be_resampled()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.OfMean([1], new Chance(1)));
        Assert.Throws<ArgumentException>(() => Bootstrap.Of(1, _ => 1, new Chance(1)));
        Assert.Throws<ArgumentException>(() => Bootstrap.OfClusters([3, 3, 3], _ => 1, new Chance(1)));
    }

    static double MeanOf(double[] values, ReadOnlySpan<int> drawn)
    {
        var sum = 0.0;
        foreach (var sample in drawn) sum += values[sample];
        return sum / drawn.Length;
    }

    static double[] Chosen(double[] values, ReadOnlySpan<int> drawn)
    {
        var chosen = new double[drawn.Length];
        for (var place = 0; place < drawn.Length; place++) chosen[place] = values[drawn[place]];
        return chosen;
    }
}
