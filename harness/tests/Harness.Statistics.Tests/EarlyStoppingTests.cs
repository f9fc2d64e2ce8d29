using CsCheck;

namespace Harness.Statistics.Tests;

/// <summary>Against scipy.stats.binom by search, with the rule of MLPerf inference's loadgen/early_stopping.cc.</summary>
public sealed class EarlyStoppingTests
{
    [Fact]
    public void The_queries_that_pass_are_those_of_the_binomial() =>
        Golden.Each("earlyStopping", golden => Assert.Equal(golden.Whole("expected"),
        EarlyStopping.LeastWithin(golden.Whole("over"), golden.Number("share"), golden.Number("confidence"))));

    // MLPerf inference rules, "minimum number of queries": 64 for single stream (90th), 662 for multi stream (99th)
    [Theory]
    [InlineData(0.9, 64)]
    [InlineData(0.99, 662)]
    public void The_least_queries_are_those_of_the_published_rules(double share, int expected) =>
        Assert.Equal(expected, EarlyStopping.LeastQueries(share));

    [Fact]
    public void The_bound_is_the_slowest_latency_that_is_left_when_as_many_as_allowed_are_set_aside() => Golden.Each("setAside", golden =>
    {
        var queries = golden.Whole("queries");
        double[] latencies = [.. Enumerable.Range(1, queries).Reverse().Select(rank => (double)rank)];
        Assert.Equal(queries - golden.Whole("expected") + 1, EarlyStopping.BoundOrNull(latencies, golden.Number("share")));
    });

    [Fact]
    public void Too_few_queries_have_no_bound()
    {
        Assert.Null(EarlyStopping.BoundOrNull(new double[63], 0.9));
        Assert.NotNull(EarlyStopping.BoundOrNull(new double[64], 0.9));
        Assert.Null(EarlyStopping.BoundOrNull([], 0.9));
    }

    [Theory]
    [InlineData(64, 1, true)]
    [InlineData(63, 1, false)]
    [InlineData(81, 2, true)]
    [InlineData(80, 2, false)]
    [InlineData(10, 10, false)]
    public void A_run_passes_with_few_enough_queries_over_the_latency(int queries, int over, bool passes) =>
        Assert.Equal(passes, EarlyStopping.IsWithin(queries, over, 0.9));

    [Fact]
    public void The_bound_is_never_below_the_percentile() => Gen.Select(Gen.ULong, Gen.Int[64, 400]).Sample((seed, count) =>
    {
        var chance = new Chance(seed);
        double[] latencies = [.. Enumerable.Range(0, count).Select(_ => chance.Unit())];
        return EarlyStopping.BoundOrNull(latencies, 0.9) >= Quantiles.Of(latencies, 0.9);
    });

    // Of exponential latencies, whose 90th percentile is ln 10: at confidence 0.99 the bound may be too low once in a hundred.
    [Fact]
    public void The_bound_holds_as_often_as_it_says()
    {
        var (chance, tooLow) = (new Chance(71), 0);
        for (var turn = 0; turn < 2_000; turn++)
        {
            double[] latencies = [.. Enumerable.Range(0, 120).Select(_ => -Math.Log(1 - chance.Unit()))];
            if (EarlyStopping.BoundOrNull(latencies, 0.9) < Math.Log(10)) tooLow++;
        }
        Assert.InRange(tooLow / 2_000.0, 0, 0.02);
    }
}
