using Harness.Datasets;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class PlanningTests
{
    [Theory]
    [InlineData(0.1, 1, 0.1)]
    [InlineData(0.1, 4, 0.3439)]
    [InlineData(1, 3, 1)]
    [InlineData(0, 8, 0)]
    public void A_batch_needs_a_neuron_with_the_chance_that_some_token_does(double frequency, int batch, double expected) =>
        Assert.Equal(expected, ActivationProfile.InBatch(frequency, batch), 1e-12);

    // Independent draws, 3000 rounds after 1000 to fill. A cache of about one round sees the order within rounds, which is not forecast.
    [Theory]
    [InlineData(20, 2)]
    [InlineData(80, 0.6)]
    [InlineData(150, 0.6)]
    public void Forecast_misses_are_those_of_a_simulated_cache(int capacity, double tolerance)
    {
        var (chance, segment) = (new Chance(5), new CacheSegment(capacity));
        double[] chances = [.. Enumerable.Range(0, 200).Select(i => 0.6 / (1 + 0.1 * i))];
        var before = SegmentUse.None;
        for (var round = 0; round < 4000; round++)
        {
            if (round == 1000) before = segment.Use;
            for (var i = 0; i < chances.Length; i++)
                if (chance.Unit() < chances[i] && !segment.Find(i)) segment.Keep(i, 1);
        }
        var use = segment.Use - before;
        AskedEntry[] entries = [.. chances.Select(one => new AskedEntry(one, 1))];
        Assert.Equal(LruForecast.Misses(entries, capacity).Sum(), (use.Lookups - use.Hits) / 3000.0, tolerance);
    }

    [Fact]
    public void A_cache_of_all_misses_nothing_and_of_none_everything()
    {
        AskedEntry[] entries = [new(0.5, 10), new(0.25, 20), new(0, 30)];
        Assert.Equal([0, 0, 0], LruForecast.Misses(entries, 30));
        Assert.Equal([0.5, 0.25, 0], LruForecast.Misses(entries, 0));
    }

    [Fact]
    public void The_planned_share_is_the_fastest_that_fits_and_more_is_hot_in_a_batch()
    {
        var layout = new NeuronLayout(2, 200, 16_384);
        var profile = Skewed(2, 200);
        var planner = new HotSetPlanner(profile, profile, layout, StorageModel.Ufs4Like, new(40e9, 15e9));
        var budget = layout.Bytes / 2;
        foreach (var batch in new[] { 1, 4, 32 })
        {
            var sweep = planner.Sweep(budget, batch);
            Assert.Equal(21, sweep.Count);
            var plan = planner.Plan(budget, batch);
            Assert.True(plan.HotBytes(layout) <= budget);
            Assert.Equal(sweep.Where(share => share.Fits).Min(share => share.Seconds),
                sweep.Single(share => share.Neurons == plan.Hot).Seconds);
        }
        // All of it in memory: dense neighbours beat picked rows as soon as a neuron is active more than 15/40 of the time.
        var (one, many) = (planner.Plan(layout.Bytes, 1).Hot, planner.Plan(layout.Bytes, 16).Hot);
        Assert.InRange(one, 1, many - 1);
        var frequent = Enumerable.Range(0, 200).Count(i => profile.Frequency(0, i) > 15.0 / 40);
        Assert.InRange(one, frequent - 10, frequent + 10);
    }

    // Of a predictor that asks for four times as many, gates read first spare three quarters of two thirds.
    [Fact]
    public void Where_gates_are_read_first_a_generous_predictor_costs_less_reading()
    {
        var layout = new NeuronLayout(1, 100, 8192);
        var (asked, active) = (new ActivationProfile(1, 100), new ActivationProfile(1, 100));
        for (var token = 0; token < 100; token++)
        {
            asked.Add(0, [.. Enumerable.Range(0, 100).Select(i => (i + token) % 5 == 0)]);
            active.Add(0, [.. Enumerable.Range(0, 100).Select(i => (i + token) % 20 == 0)]);
        }
        HotShare Of(bool gateFirst) => new HotSetPlanner(asked, active, layout, StorageModel.NvmeLike, ComputeCosts.Fixed, gateFirst)
            .Sweep(0)[0];
        var (latency, row) = (StorageModel.NvmeLike.Latency / StorageModel.NvmeLike.QueueDepth, 8192 / StorageModel.NvmeLike.Bandwidth);
        Assert.Equal(20 * (latency + 3 * row), Of(false).Reading, 1e-12);
        Assert.Equal(20 * (latency + row) + 5 * (latency + 2 * row), Of(true).Reading, 1e-12);
        Assert.Equal(Of(false).Sparse, Of(true).Sparse);
    }

    /// <summary>Neuron i is active on every (1 + i/20)-th token or so.</summary>
    static ActivationProfile Skewed(int layers, int hidden)
    {
        var (profile, chance) = (new ActivationProfile(layers, hidden), new Chance(11));
        for (var token = 0; token < 2000; token++)
            for (var layer = 0; layer < layers; layer++)
                profile.Add(layer, [.. Enumerable.Range(0, hidden).Select(i => chance.Unit() < 1 / (1 + i / 20.0))]);
        return profile;
    }
}
