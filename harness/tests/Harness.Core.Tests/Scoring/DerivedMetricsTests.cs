using CsCheck;
using Harness.Core.Scoring;

namespace Harness.Core.Tests.Scoring;

public sealed class DerivedMetricsTests
{
    [Fact]
    public void What_was_not_observed_is_absent_and_never_zero() => Assert.Empty(DerivedMetrics.Of(Run(), [new Coefficient()]));

    [Fact]
    public void Throughput_is_all_samples_over_all_time_and_not_a_mean_of_rates()
    {
        var metric = Only(Run() with { Timings =
            [new("offline", 90, 1_000_000_000), new("offline", 10, 1_000_000_000), new("warmup", 999, 1)] });
        Assert.Equal(("speed.samples_per_second", 50.0, 2, "samples/s", "derived"),
            (metric.Metric, metric.Value, metric.Samples, metric.Unit, metric.Source));
    }

    [Theory]
    [InlineData("offline", 0, 5)]
    [InlineData("offline", 5, 0)]
    [InlineData("single_stream", 0, 5)]
    [InlineData("warmup", 1, 1)]
    public void A_call_without_work_or_time_yields_no_speed(string stage, int operations, long nanoseconds) =>
        Assert.Empty(DerivedMetrics.Of(Run() with { Timings = [new(stage, operations, nanoseconds)] }, []));

    // numpy.quantile([1, 2, ..., 10] * 1e-9, [0.5, 0.9, 0.99])
    [Fact]
    public void Latencies_are_quantiles_of_the_time_per_prediction()
    {
        var metrics = DerivedMetrics.Of(Run() with
        { Timings = [.. Enumerable.Range(1, 9).Reverse()
            .Select(call => new Timed("single_stream", 1, call)), new("single_stream", 2, 20)] }, []);
        Assert.Equal(["latency.p50", "latency.p90", "latency.p99"], metrics.Select(metric => metric.Metric));
        Assert.Equal([5.5e-9, 9.1e-9, 9.91e-9], metrics.Select(metric => Math.Round(metric.Value, 15)));
        Assert.All(metrics, metric => Assert.Equal((10, "s", Direction.Lower), (metric.Samples, metric.Unit, metric.Direction)));
    }

    [Fact]
    public void Parts_of_a_call_have_rates_and_quantiles_of_their_own()
    {
        var metrics = DerivedMetrics.Of(Run() with
        {
            Timings = [new("single_stream/prefill", 30, 2_000_000_000), new("single_stream/prefill", 10, 1_000_000_000),
                new("offline/prefill", 10, 5), .. Enumerable.Range(1, 3).Select(call => new Timed("single_stream/decode", 1,
                    call * 1_000_000))],
        }, []).ToDictionary(metric => metric.Metric, metric => metric.Value);
        Assert.Equal(6, metrics.Count);
        Assert.Equal(40 / 3.0, metrics["speed.prefill_per_second"], 1e-9);
        Assert.Equal(500, metrics["speed.decode_per_second"], 1e-9);
        Assert.Equal((1.5, 0.002), (metrics["latency.first_token.p50"], Math.Round(metrics["latency.token.p50"], 12)));
        Assert.Equal(0.00298, metrics["latency.token.p99"], 1e-9);
    }

    // numpy.quantile(values, share)
    [Theory]
    [InlineData(new[] { 1.0 }, 0.5, 1.0)]
    [InlineData(new[] { 1.0, 2.0 }, 0.25, 1.25)]
    [InlineData(new[] { 1.0, 2.0, 4.0, 8.0 }, 0.9, 6.8)]
    [InlineData(new[] { 1.0, 2.0, 4.0, 8.0 }, 0, 1.0)]
    [InlineData(new[] { 1.0, 2.0, 4.0, 8.0 }, 1, 8.0)]
    public void A_quantile_is_of_type_7(double[] sorted, double share, double expected) =>
        Assert.Equal(expected, DerivedMetrics.Quantile(sorted, share), 1e-12);

    [Fact]
    public void A_quantile_lies_between_the_ends_and_grows() => Gen.Double[-1e3, 1e3].Array[1, 30].Sample(values =>
    {
        Array.Sort(values);
        return DerivedMetrics.Quantile(values, 0.3) >= values[0]
            && DerivedMetrics.Quantile(values, 0.3) <= DerivedMetrics.Quantile(values, 0.4)
            && DerivedMetrics.Quantile(values, 1) == values[^1];
    });

    [Fact]
    public void Training_time_is_the_sum_of_its_calls_and_may_really_be_zero()
    {
        Assert.Equal(1.5, Only(Run() with { Timings = [new("train", 1, 1_000_000_000), new("train", 1, 500_000_000)] }).Value, 1e-12);
        Assert.Equal(("time.train", 0.0, "measured"), Named(Only(Run() with { Timings = [new("train", 1, 0)] })));
    }

    [Fact]
    public void Size_is_what_the_model_states()
    {
        var metrics = DerivedMetrics.Of(Run() with { Footprint = new(0, 128, 8) }, []);
        Assert.Equal([("model.parameters", 0.0, "counted"), ("model.bytes", 128.0, "counted")], metrics.Select(Named));
    }

    [Fact]
    public void Peak_memory_without_a_value_is_absent()
    {
        Assert.Empty(DerivedMetrics.Of(Run() with { Readings = [new("memory.peak", null, "no such file")] }, []));
        Assert.Equal(("memory.peak", 77.0, "measured"), Named(Only(Run() with { Readings = [new("other", 5), new("memory.peak", 77)] })));
    }

    [Fact]
    public void Operations_are_summed_over_layers()
    {
        var metrics = DerivedMetrics.Of(Run() with { Operations = Counts }, []);
        Assert.Equal([("ops.macs", 30.0, "counted"), ("ops.acs", 7.0, "counted"), ("activity.firing_rate", 0.3, "counted")],
            metrics.Select(metric => (metric.Metric, Math.Round(metric.Value, 12), metric.Source)));
        Assert.All(metrics, metric => Assert.Equal(4, metric.Samples));
    }

    [Fact]
    public void A_model_without_neurons_has_no_firing_rate() => Assert.DoesNotContain(
        DerivedMetrics.Of(Run() with { Operations = new([new("l", "linear", 1, 0, 1) { FiringRate = 0.5 }], 1) }, []),
        metric => metric.Metric == "activity.firing_rate");

    [Fact]
    public void Energy_of_counted_operations_is_an_estimate_of_tier_one_with_its_range()
    {
        var energy = DerivedMetrics.Of(Run() with { Operations = Counts }, [new Coefficient()])
            .Single(metric => metric.Metric == "energy.toy");
        Assert.Equal((30e-12, 15e-12, 60e-12), (energy.Value, energy.Low, energy.High));
        Assert.Equal(("E1", "model range", "derived", "J/sample"), (energy.EnergyTier, energy.Interval, energy.Source, energy.Unit));
    }

    [Fact]
    public void A_model_without_an_estimate_leaves_its_reason_and_no_number()
    {
        var counts = new OperationCounts([new("a", "linear", 2000, 0, 2000)], 1);
        Assert.DoesNotContain(DerivedMetrics.Of(Run() with { Operations = counts }, [new Coefficient()]),
            metric => metric.Metric == "energy.toy");
        Assert.Equal([new Reading("energy.toy", null, "too many")], DerivedMetrics.WithoutEstimate(counts, [new Coefficient()]));
    }

    [Fact]
    public void Measured_energy_is_the_best_meters_window_over_the_samples_of_the_offline_stage()
    {
        var run = Run() with
        {
            Timings = [new("warmup", 50, 5), new("offline", 30, 5), new("offline", 20, 5)],
            Readings = [new("energy.window", 100) { Tier = "E2", Instrument = "rapl" },
                new("energy.window", 150) { Tier = "E4", Instrument = "external" }, new("energy.window_net", null, "no idle"),
                new("energy.window", 7)],
        };
        var energy = Assert.Single(DerivedMetrics.Of(run, []), metric => metric.Unit == "J/sample");
        Assert.Equal((3, "E4", "measured", "energy.measured"), (energy.Value, energy.EnergyTier, energy.Source, energy.Metric));
    }

    [Fact]
    public void Every_derived_metric_has_a_card_that_it_follows()
    {
        var run = Run() with
        {
            Timings = [new("train", 1, 5), new("offline", 1, 5), new("single_stream", 1, 5), new("single_stream/prefill", 3, 5),
                new("single_stream/decode", 1, 5)],
            Footprint = new(1, 8, 64), Operations = Counts,
            Readings = [new("memory.peak", 1), new("energy.window", 2) { Tier = "E2" }, new("energy.window_net", 1) { Tier = "E2" }],
        };
        var metrics = DerivedMetrics.Of(run, []);
        Assert.Equal(DerivedMetrics.Cards.Select(card => card.Id).Order(), metrics.Select(metric => metric.Metric).Order());
        Assert.All(metrics, metric =>
        {
            var card = DerivedMetrics.Cards.Single(card => card.Id == metric.Metric);
            Assert.Equal((card.Version, card.Unit, card.Direction), (metric.Version, metric.Unit, metric.Direction));
            Assert.NotEmpty(card.Definition);
            Assert.False(metric.Primary);
        });
    }

    // Rates of 0.1 over 10 and 0.4 over 20 updates, weighted: (1 + 8)/30.
    static OperationCounts Counts { get; } = new(
    [
        new("a", "lif", 10, 3, 20) { FiringRate = 0.1, NeuronUpdates = 10 },
            new("b", "lif", 20, 4, 20) { FiringRate = 0.4, NeuronUpdates = 20 },
        new("c", "linear", 0, 0, 5),
    ], 4);

    static MetricValue Only(RunRecord run) => Assert.Single(DerivedMetrics.Of(run, []));

    static (string, double, string) Named(MetricValue metric) => (metric.Metric, metric.Value, metric.Source);

    static RunRecord Run() => new("run", "trial", new("s", "b", "p@1", "f@1", default, 1, "cpu", 1), RunState.Ok, null,
        new("d", "cpu", "p", 1, 1, "o", "r"), default, default, new("0", "c", false, "", "s", "p", "manual"));

    sealed class Coefficient : IEnergyModel
    {
        public MetricCard Card { get; } = new("energy.toy", 1, "Toy", "J/sample", Direction.Lower) { Definition = "1 pJ a MAC." };
        public EnergyBasis Basis { get; } = new("MACs", "none", "none", []);
        public EnergyEstimate Estimate(OperationCounts operations, IReadOnlyDictionary<string, double>? constants = null) =>
            operations.Macs > 1000 ? new(null, null, null, "too many")
                : new(operations.Macs * 0.5e-12, operations.Macs * 1e-12, operations.Macs * 2e-12);
    }
}
