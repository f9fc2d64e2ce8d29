using System.Text.Json;

namespace Harness.Benchmarks;

/// <summary>
/// As many runs as a site of some years holds: four suites of ten datasets, forty families of several configurations on three devices with
/// three seeds each, and some rows that ran every night. The same index always gives the same run.
/// </summary>
static class GeneratedRuns
{
    const int Nightly = 60;
    static readonly DateTimeOffset Start = new(2026, 1, 1, 2, 0, 0, TimeSpan.Zero);

    static readonly string[] Metrics =
    [
        "macro_f1", "speed.samples_per_second", "latency.p50", "latency.p90", "latency.p99", "time.train", "model.parameters",
            "model.bytes",
        "memory.peak", "ops.macs", "ops.acs", "activity.firing_rate", "energy.spikformer",
    ];

    /// <summary>Forty layers of each family, every third of them spiking neurons.</summary>
    static readonly OperationCounts[] Counted = [.. Enumerable.Range(0, 40).Select(family => new OperationCounts(
        [.. Enumerable.Range(0, 40).Select(i => new LayerOperations($"block{i / 10}.layer{i}", i % 3 == 0 ? "lif" : "linear", 0,
            (1 + (0.1 * family)) * (1.3e6 + i), 8e6 + i)
            { InputRate = 0.11, FiringRate = i % 3 == 0 ? 0.08 : null, NeuronUpdates = 75264, TimeSteps = 4 })], 512))];

    /// <summary>The run without curve and timings: what is read of every run before a page is made.</summary>
    public static RunRecord Brief(int index)
    {
        var night = index / 40;
        var nightly = index % 40 < 2 && night < 800;
        var (row, seed) = nightly ? (index % 40 * 7, 0) : (index / 3, index % 3);
        var (suite, dataset, family, configuration, device) = (row % 4, row / 4 % 10, row / 40 % 40, row / 1600 % 3, row / 4800 % 3);
        var trial = new Trial($"suite-{suite}", "classification", $"data-{dataset}@1", $"family-{family}@1",
            JsonSerializer.SerializeToElement(new { depth = 2 + configuration, width = nightly ? Nightly : 192, steps = 4 }), seed, "cpu",
                2);
        var quality = 0.6 + (0.009 * family) + (0.004 * configuration) + (0.001 * Wobble(index, 1));
        var ok = index % 29 != 0;
        var begun = Start.AddHours(index * 0.2);
        return new RunRecord($"01KA{index:00000000}{trial.Id[..10].ToUpperInvariant()}", trial.Id, trial, ok ? RunState.Ok
            : RunState.Timeout,
            ok ? null : "Training exceeded its limit of 600 s in epoch 7.", Device(device), begun, begun.AddMinutes(7),
            new Provenance("0.1.0", $"{index / 3000:x8}c0ffee00", false, "harness run --plan grid", $"session-{index / 40:00000}", "grid",
                "nightly"))
        { Metrics = ok ? [.. Values(index, quality)] : [], Operations = ok ? Counted[family] : null };
    }

    /// <summary>The run as its folder holds it.</summary>
    public static RunRecord Whole(RunRecord brief) => brief.State != RunState.Ok ? brief : brief with
    {
        Curve = [.. Enumerable.Range(1, 30).Select(epoch => new TrainingPoint(epoch, 2.3 / epoch, 0.9 - (0.4 / epoch), 17.3))],
        Readings = [new("memory.peak", 2.1e8), new("energy.package", null, "No power sensor answers.")],
        Timings = [.. Enumerable.Range(0, 300).Select(i => new Timed(i % 3 == 0 ? "offline" : "single_stream", i % 3 == 0 ? 64 : 1,
            1_000_000 + (7919L * i % 200_000)))],
    };

    static IEnumerable<MetricValue> Values(int index, double quality)
    {
        yield return new("accuracy", 1, quality, "1", Direction.Higher, "derived")
        { Samples = 10000, Low = quality - 0.004, High = quality + 0.004, Interval = "Wilson 95 %", Primary = true };
        for (var i = 0; i < Metrics.Length; i++)
        {
            var energy = Metrics[i].StartsWith("energy", StringComparison.Ordinal);
            var value = Math.Pow(10, (index * 31 % 17 / 5.0) + i) * 1e-6;
            yield return new(Metrics[i], 1, value, energy ? "J/sample" : "s", Direction.Lower, "derived")
            { Low = energy ? value * 0.4 : null, High = energy ? value * 2.5 : null, EnergyTier = energy ? "E1" : null };
        }
    }

    static double Wobble(int index, int step) => ((index * 7919 * step % 101) - 50) / 50.0;

    static DeviceCard Device(int device) =>
        new($"device-{device}", "cpu", "Example CPU @ 2.6 GHz", 2, 8_000_000_000, "Linux 6.1", ".NET 10.0.1") { Instructions = "avx512" };
}
