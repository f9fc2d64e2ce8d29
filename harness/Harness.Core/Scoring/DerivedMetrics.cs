namespace Harness.Core.Scoring;

/// <summary>Numbers that follow from the observations of any run, whatever its benchmark, as <see cref="Cards"/> defines.</summary>
public static class DerivedMetrics
{
    public static MetricCard SamplesPerSecond { get; } = new("speed.samples_per_second", 1, "Throughput", "samples/s", Direction.Higher)
    { Definition = "Samples of all calls of stage offline divided by the sum of their times." };

    public static MetricCard LatencyP50 { get; } = Latency("p50", "Median latency", "0.5");
    public static MetricCard LatencyP90 { get; } = Latency("p90", "Latency, 90th percentile", "0.9");
    public static MetricCard LatencyP99 { get; } = Latency("p99", "Latency, 99th percentile", "0.99");

    public static MetricCard PrefillRate { get; } = Rate("prefill", "Prefill rate");
    public static MetricCard DecodeRate { get; } = Rate("decode", "Decode rate");
    public static MetricCard FirstTokenP50 { get; } = PartLatency("first_token.p50", "Time to first token, median", "prefill", "0.5");
    public static MetricCard FirstTokenP99 { get; } =
        PartLatency("first_token.p99", "Time to first token, 99th percentile", "prefill", "0.99");
    public static MetricCard TokenP50 { get; } = PartLatency("token.p50", "Time per token, median", "decode", "0.5");
    public static MetricCard TokenP99 { get; } = PartLatency("token.p99", "Time per token, 99th percentile", "decode", "0.99");

    public static MetricCard TrainingTime { get; } = new("time.train", 1, "Training time", "s", Direction.Lower)
    { Definition = "Sum of the times of stage train." };

    public static MetricCard Parameters { get; } = new("model.parameters", 1, "Parameters", "1", Direction.Lower)
    { Definition = "Learned numbers, as the model states." };

    public static MetricCard ModelBytes { get; } = new("model.bytes", 1, "Model size", "B", Direction.Lower)
    { Definition = "Bytes of parameters and buffers as held for inference, as the model states." };

    public static MetricCard PeakMemory { get; } = new("memory.peak", 1, "Peak memory", "B", Direction.Lower)
    { Definition = "Largest resident set of the worker process over the whole run." };

    public static MetricCard Macs { get; } = new("ops.macs", 1, "Multiply-accumulates", "1/sample", Direction.Lower)
    { Definition = "Multiply-accumulates on real-valued inputs, summed over layers, mean per sample." };

    public static MetricCard Acs { get; } = new("ops.acs", 1, "Accumulates", "1/sample", Direction.Lower)
    { Definition = "Accumulates that spikes cause, summed over layers and time steps, mean per sample." };

    public static MetricCard FiringRate { get; } = new("activity.firing_rate", 1, "Firing rate", "share", Direction.Neutral)
    { Definition = "Share of neurons and time steps that fired: mean over neuron layers, weighted by their neuron updates." };

    public static MetricCard EnergyPerSample { get; } = new("energy.measured", 1, "Measured energy", "J/sample", Direction.Lower)
    { Definition = "Energy that the meter of the best tier saw during the offline stage, idle included, over the samples." };

    public static MetricCard NetEnergyPerSample { get; } = new("energy.measured_net", 1, "Measured energy, net of idle", "J/sample",
        Direction.Lower)
    { Definition = "energy.measured minus idle power times the length of the offline stage." };

    /// <summary>Every derived metric but estimated energy, whose cards come with the energy models.</summary>
    public static IReadOnlyList<MetricCard> Cards { get; } =
    [
        SamplesPerSecond, LatencyP50, LatencyP90, LatencyP99, PrefillRate, DecodeRate, FirstTokenP50, FirstTokenP99, TokenP50, TokenP99,
        TrainingTime, Parameters, ModelBytes, PeakMemory, Macs, Acs, FiringRate,
        EnergyPerSample, NetEnergyPerSample,
    ];

    /// <summary>What the observations of <paramref name="run"/> yield; a quantity that was not observed is absent, never zero.</summary>
    public static IReadOnlyList<MetricValue> Of(RunRecord run, IReadOnlyList<IEnergyModel> energy) =>
    [
        .. Speed(run.Timings), .. Latencies(run.Timings), .. Parts(run.Timings), .. Training(run.Timings),
        .. Size(run.Footprint), .. Memory(run.Readings),
        .. Operations(run.Operations), .. MeasuredEnergy(run), .. Energy(run.Operations, energy),
    ];

    /// <summary>Quantile of type 7 (Hyndman &amp; Fan 1996): linear between the order statistics around (n − 1)·share.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var position = (sorted.Count - 1) * share;
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    static MetricCard Latency(string name, string title, string share) => new($"latency.{name}", 1, title, "s", Direction.Lower)
    {
        Definition = $"Quantile {share} of the time of one prediction over the calls of stage single_stream.",
        Source = "Hyndman & Fan 1996, quantile type 7",
    };

    static IEnumerable<MetricValue> Speed(IReadOnlyList<Timed> timings)
    {
        var calls = timings.Where(timing => timing is { Stage: "offline", Nanoseconds: > 0 }).ToList();
        var samples = calls.Sum(call => (long)call.Operations);
        if (samples == 0) yield break;
        var seconds = calls.Sum(call => call.Nanoseconds) * 1e-9;
        yield return Value(SamplesPerSecond, samples / seconds, "derived") with { Samples = calls.Count };
    }

    static IEnumerable<MetricValue> Latencies(IReadOnlyList<Timed> timings)
    {
        var seconds = timings.Where(timing => timing is { Stage: "single_stream", Operations: > 0 })
            .Select(timing => timing.Nanoseconds * 1e-9 / timing.Operations).Order().ToList();
        if (seconds.Count == 0) yield break;
        foreach (var (card, share) in new[] { (LatencyP50, 0.5), (LatencyP90, 0.9), (LatencyP99, 0.99) })
            yield return Value(card, Quantile(seconds, share), "derived") with { Samples = seconds.Count };
    }

    static MetricCard Rate(string part, string title) => new($"speed.{part}_per_second", 1, title, "tokens/s", Direction.Higher)
    { Definition = $"Tokens of all calls of stage single_stream/{part} divided by the sum of their times." };

    static MetricCard PartLatency(string name, string title, string part, string share) => new($"latency.{name}", 1, title, "s",
        Direction.Lower)
    {
        Definition = $"Quantile {share} of the time of a call of stage single_stream/{part}"
            + (part == "decode" ? ", each of one token." : ": a prompt is read and the first token drawn."),
        Source = "Hyndman & Fan 1996, quantile type 7",
    };

    // Parts that a model times itself: a prompt is one call however long, a decoded token is a call of its own.
    static IEnumerable<MetricValue> Parts(IReadOnlyList<Timed> timings)
    {
        foreach (var (part, rate, low, high) in new[] { ("prefill", PrefillRate, FirstTokenP50, FirstTokenP99),
            ("decode", DecodeRate, TokenP50, TokenP99) })
        {
            var calls = timings.Where(timing => timing.Stage == $"single_stream/{part}" && timing.Nanoseconds > 0).ToList();
            if (calls.Count == 0) continue;
            var seconds = calls.Select(call => call.Nanoseconds * 1e-9).Order().ToList();
            yield return Value(rate, calls.Sum(call => (long)call.Operations) / seconds.Sum(), "derived") with { Samples = calls.Count };
            yield return Value(low, Quantile(seconds, 0.5), "derived") with { Samples = calls.Count };
            yield return Value(high, Quantile(seconds, 0.99), "derived") with { Samples = calls.Count };
        }
    }

    static IEnumerable<MetricValue> Training(IReadOnlyList<Timed> timings)
    {
        var calls = timings.Where(timing => timing.Stage == "train").ToList();
        if (calls.Count > 0) yield return Value(TrainingTime, calls.Sum(call => call.Nanoseconds) * 1e-9, "measured");
    }

    static IEnumerable<MetricValue> Size(Footprint? footprint) => footprint is null ? []
        : [Value(Parameters, footprint.Parameters, "counted"), Value(ModelBytes, footprint.Bytes, "counted")];

    static IEnumerable<MetricValue> Memory(IReadOnlyList<Reading> readings) =>
        readings.Where(reading => reading.Metric == PeakMemory.Id && reading.Value is not null).Take(1)
            .Select(reading => Value(PeakMemory, reading.Value!.Value, "measured"));

    static IEnumerable<MetricValue> Operations(OperationCounts? operations)
    {
        if (operations is null) yield break;
        yield return Value(Macs, operations.Macs, "counted") with { Samples = operations.Samples };
        yield return Value(Acs, operations.Acs, "counted") with { Samples = operations.Samples };
        var neurons = operations.Layers.Where(layer => layer is { FiringRate: not null, NeuronUpdates: > 0 }).ToList();
        if (neurons.Count > 0)
            yield return Value(FiringRate,
                neurons.Sum(layer => layer.FiringRate!.Value * layer.NeuronUpdates) / neurons.Sum(layer => layer.NeuronUpdates),
                "counted") with { Samples = operations.Samples };
    }

    static IEnumerable<MetricValue> Energy(OperationCounts? operations, IReadOnlyList<IEnergyModel> models) => operations is null ? []
        : models.SelectMany(model => model.Estimate(operations) is { Mid: { } joules } estimate
            ? [Value(model.Card, joules, "derived") with
            {
                Low = estimate.Low, High = estimate.High, Interval = "model range", Samples = operations.Samples,
                EnergyTier = model.Card.Unit.StartsWith('J') ? "E1" : null,
            }]
            : Array.Empty<MetricValue>());

    /// <summary>Why an energy model has no number for these counts: one reading without a value for each such model.</summary>
    public static IEnumerable<Reading> WithoutEstimate(OperationCounts? operations, IReadOnlyList<IEnergyModel> models) =>
        operations is null ? [] : from model in models
                                  let estimate = model.Estimate(operations)
                                  where estimate.Mid is null
                                  select new Reading(model.Card.Id, null, estimate.Reason);

    // Joules of the offline stage over its samples. Of several meters the one of the best tier speaks, and of those the first.
    static IEnumerable<MetricValue> MeasuredEnergy(RunRecord run)
    {
        var samples = run.Timings.Where(timing => timing.Stage == "offline").Sum(timing => (long)timing.Operations);
        if (samples == 0) yield break;
        foreach (var (window, card) in new[] { ("energy.window", EnergyPerSample), ("energy.window_net", NetEnergyPerSample) })
            if (run.Readings.Where(reading => reading.Metric == window && reading is { Value: > 0, Tier: not null })
                    .OrderByDescending(reading => reading.Tier, StringComparer.Ordinal).FirstOrDefault() is { } reading)
                yield return Value(card, reading.Value!.Value / samples, "measured") with
                { EnergyTier = reading.Tier, Samples = (int)Math.Min(samples, int.MaxValue) };
    }

    static MetricValue Value(MetricCard card, double value, string source) =>
        new(card.Id, card.Version, value, card.Unit, card.Direction, source);
}
