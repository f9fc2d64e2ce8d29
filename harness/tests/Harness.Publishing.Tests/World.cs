using System.Text.Json;
using Harness.Publishing.Fleet;

namespace Harness.Publishing.Tests;

/// <summary>Results as varied as the site must bear: seeds, ties, failures, limits, several devices, hostile strings, gaps.</summary>
static class World
{
    public const string Hostile = "<script>alert('x')</script> \"&\" ]]> , =cmd|'/c'!A1";
    static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<MetricCard> Quantities { get; } =
    [
        new("speed.samples_per_second", 1, "Throughput", "samples/s",
            Direction.Higher) { Definition = "Samples of all calls divided by the sum of their times." },
        new("latency.p50", 1, "Median latency", "s", Direction.Lower) { Definition = "Quantile 0.5 of single calls." },
        new("latency.p99", 1, "Latency, 99th percentile", "s", Direction.Lower) { Definition = "Quantile 0.99 of single calls." },
        new("time.train", 1, "Training time", "s", Direction.Lower) { Definition = "Sum of the times of stage train." },
        new("model.parameters", 1, "Parameters", "1", Direction.Lower) { Definition = "Learned numbers." },
        new("memory.peak", 1, "Peak memory", "B", Direction.Lower) { Definition = "Largest resident set." },
        new("ops.macs", 1, "Multiply-accumulates", "1/sample", Direction.Lower) { Definition = "On real-valued inputs." },
        new("ops.acs", 1, "Accumulates", "1/sample", Direction.Lower) { Definition = "That spikes cause." },
        new("activity.firing_rate", 1, "Firing rate", "1", Direction.Neutral) { Definition = "Share of neurons and steps that fired." },
        new("energy.spikformer", 1, "Analytic energy", "J/sample", Direction.Lower) { Definition = "4.6 pJ per MAC, 0.9 pJ per AC.",
            Source = "Zhou et al. 2023, eq. 11" },
        new("energy.memory", 1, "Analytic energy with memory", "J/sample",
            Direction.Lower) { Definition = "As before, plus 3.12 pJ per bit moved." },
        new("energy.package", 1, "Package energy", "J/sample",
            Direction.Lower) { Definition = "Counter of the package over the offline stage, idle not subtracted." },
    ];

    static Suite Suite => new("spiking-transformers", "Spiking transformers",
    [
        new Benchmark<int, int>("image-classification", "Image classification")
        {
            Datasets = [new Data(Mnist), new Data(Fashion), new Data(Mnist with { Version = 2, Title = "MNIST, second protocol" })],
            Families = [.. Families.Values.Select(card => new Family(card))],
            Metrics =
            [
                new Metric(new("accuracy", 1, "Accuracy", "1", Direction.Higher) { Definition = "Share of correct samples.",
                    Interval = IntervalRule.Wilson }),
                new Metric(new("macro_f1", 1, "Macro F1", "1", Direction.Higher) { Definition = "Mean of per-class F1.",
                    Interval = IntervalRule.Bootstrap }),
            ],
            Withhold = sample => sample,
            Target = sample => $"{sample}",
            Answer = answer => $"{answer}",
        },
    ]);

    public static DatasetCard Mnist { get; } = new("mnist", 1, "MNIST")
    {
        Licence = "CC BY-SA 3.0", Citation = "LeCun, Cortes, Burges: The MNIST database (1998)",
            Encoding = "float [1,28,28], intensity 0..1",
        SplitRule = "10 000 of the training part, stratified by class, seed 0", Classes = 10,
        Counts = new Dictionary<Split, int> { [Split.Test] = 10000, [Split.Train] = 50000, [Split.Validation] = 10000 },
        Files = [new("train-images-idx3-ubyte", 47040016, "md5:6bbc9ace898e44ae57da46a324031adb", "https://example.org/train.gz"),
            new("labels", 60008, "md5:a25bea736e30d166cdddb491f175f624", "javascript:alert(1)")],
    };

    public static DatasetCard Fashion { get; } = Mnist with { Id = "fashion-mnist", Title = "Fashion-MNIST" };

    static readonly Dictionary<string, FamilyCard> Families = new FamilyCard[]
    {
        new("spikformer", 1, "Spikformer") { Kind = "spiking", Summary = "Transformer with spiking self-attention.",
            Paper = "Zhou et al.: Spikformer (ICLR 2023)", Link = "https://arxiv.org/abs/2209.15425",
            Equations = "H[t] = V[t-1] + (X[t] - (V[t-1] - V_reset)) / tau\nS[t] = Θ(H[t] - V_th)\nSSA(Q,K,V) = SN(Q Kᵀ V · s)" },
        new("lif-mlp", 1, "LIF-MLP") { Kind = "spiking", Summary = "Spiking perceptron with surrogate gradient." },
        new("ann-vit-tiny", 1, "ViT tiny (ANN)") { Kind = "ann", Summary = "The non-spiking twin." },
        new("logistic-regression", 1, "Logistic regression") { Kind = "classical", Summary = "One linear layer." },
        new("majority-class", 1, "Majority class") { Kind = "control", Summary = "Always the most frequent class." },
        new("hostile", 1, Hostile) { Kind = "control", Summary = Hostile, Link = "javascript:alert(1)", Equations = Hostile,
            Paper = Hostile },
        new("never-run", 1, "Never run") { Kind = "classical", Summary = "Listed, not run." },
    }.ToDictionary(card => $"{card.Id}@{card.Version}");

    public static DeviceCard Laptop { get; } = new("x64-2core-a1b2", "cpu-x64", "Example CPU @ 2.6 GHz", 2, 8_351_199_232, "Linux 6.1",
        ".NET 10.0.1")
    { Instructions = "avx512", Sensors = [] };

    public static DeviceCard Metered { get; } = new("x64-8core-c3d4", "cpu-x64", "Example CPU @ 3.4 GHz", 8, 34_000_000_000, "Linux 6.6",
        ".NET 10.0.1")
    { Instructions = "avx2", Sensors = ["package energy counter, 1 ms"] };

    static readonly DeviceCard Emulated = new("arm64-emulated", "cpu-arm64", "qemu", 2, 4_000_000_000, "Linux",
        ".NET 10") { Emulated = true, Sensors = ["power: fake <b>"] };

    static readonly DeviceCard Board = new("sim-loihi2-emulated", "neuromorphic", "Intel Loihi 2", 128, 25_165_824, "Linux 6.1",
        ".NET 10.0.1") { Emulated = true, Sensors = [] };

    static readonly DeviceCard Phone = new("pixel-stand-in", "phone", "Example phone (a stand-in)", 8, 8_000_000_000, "Android 14",
        ".NET 10.0.1") { Emulated = true, Sensors = [], Details = new Dictionary<string, string> { ["governor"] = "schedutil" } };

    /// <summary>Two evenings of a fleet: one device went into quarantine, one has never run, one says hostile things.</summary>
    public static IReadOnlyList<FleetSnapshot> Fleet { get; } =
    [
        new(Start.AddHours(-24), [Member(Laptop.Id, Laptop, "idle", Start.AddHours(-25), new(true, 0.2, Start.AddHours(-25)))]),
        new(Start.AddHours(16),
        [
            Member("phone-1", Phone, "quarantined", Start.AddHours(15.5), new(false, 0.9, Start.AddHours(15)) { Reason =
                "the golden workload gave another hash" }, "health check: the golden workload gave another hash") with
                { Celsius = 41.5, BatteryPercent = 64 },
            Member(Laptop.Id, Laptop, "running", Start.AddHours(16), new(true, 0.25, Start.AddHours(14))),
            Member("lab-2", null, "offline", null, null) with { Note = Hostile },
        ]),
    ];

    static FleetEntry Member(string name, DeviceCard? card, string state, DateTimeOffset? seen, FleetHealth? health,
        string? quarantine = null) =>
        new(new FleetMember(name, card?.Class ?? "cpu", Start.AddDays(-30))
        {
            Card = card, Driver = card is null ? null : "local", Health = health, Quarantine = quarantine,
            Clock = card is null ? null : new(-0.0032, 0.0004),
        }, state) { Seen = seen };

    // After everything that the runs are made of: static members are initialised in order of the text.
    public static ResultView View { get; } = new([.. Runs()], [Suite], Start.AddHours(15));

    /// <summary>The same with a board of more rows than one page bears.</summary>
    public static ResultView Large { get; } = View with { Runs = [.. View.Runs, .. Grid()] };

    static IEnumerable<RunRecord> Grid()
    {
        for (var i = 0; i < 400; i++)
        {
            var run = Ok(Mnist, $"grid-{i % 8}@1", $$"""{"width":{{i}}}""", 1, 0.5 + (i / 1000.0), 1e4 + i, 0, 1e5 + i, 1
                + (i % 17)) with { Timings = [], Curve = [], Family = null };
            yield return Identified(run with { Trial = run.Trial with { Suite = "large", Benchmark = "grid" } });
        }
    }

    static IEnumerable<RunRecord> Runs()
    {
        foreach (var (protocol, shift) in new[] { (Mnist, 0.0), (Fashion, -0.095) })
        {
            foreach (var seed in new[] { 0, 1, 2 })
            {
                yield return Ok(protocol, "spikformer@1", """{"depth":2,"width":192,"heads":8,"steps":4}""", seed, 0.9885 + shift
                    + (0.0007 * seed), 2.1e6, 1.1e8, 1.4e7, 41);
                yield return Ok(protocol, "spikformer@1", """{"depth":4,"width":192,"heads":8,"steps":4}""", seed, 0.9893 + shift
                    + (0.0004 * seed), 4.2e6, 2.0e8, 2.6e7, 83);
                yield return Ok(protocol, "ann-vit-tiny@1", """{"depth":2,"width":192}""", seed, 0.9871 + shift + (0.0009 * seed), 2.0e6,
                    0, 9.8e7, 29);
                yield return seed == 2
                    ? Failed(protocol, "lif-mlp@1", """{"hidden":512,"steps":8}""", seed, RunState.Timeout,
                        "Training exceeded its limit of 600 s in epoch 7.")
                    : Ok(protocol, "lif-mlp@1", """{"hidden":512,"steps":8}""", seed, 0.9744 + shift + (0.001 * seed), 4.07e5, 8e5, 4.1e5,
                        6);
            }
            yield return Ok(protocol, "logistic-regression@1", """{"l2":0.0001}""", 0, 0.9261 + shift, 7850, 0, 7840, 0.08);
            yield return Ok(protocol, "majority-class@1", "{}", 0, 0.1135 - (shift / 8), 1, 0, 0, 0.001) with { Operations = new([],
                10000) };
            yield return Ok(protocol, "lif-mlp@1", """{"hidden":64,"steps":2}""", 0, 0.91, 5.1e4, 2e4, 9e4, 1) is var limited
                ? Identified(limited with { Trial = limited.Trial with { Limit = 200 } }) : throw new InvalidOperationException();
        }
        yield return Failed(Mnist, "hostile@1", JsonSerializer.Serialize(new { name = Hostile }), 0, RunState.Failed, Hostile);
        yield return Failed(Mnist, "hostile@1", JsonSerializer.Serialize(new { name = Hostile }), 1, RunState.InfraError, null);
        yield return Ok(Mnist, "lif-mlp@1", """{"hidden":512,"steps":8}""", 0, 0.9741, 4.07e5, 8e5, 4.1e5, 31) is var far
            ? Identified(far with { Device = Emulated, Trial = far.Trial with { DeviceClass = Emulated.Class },
                Provenance = far.Provenance with { Dirty = true, CommandLine = Hostile } })
            : throw new InvalidOperationException();
        yield return OnBoard(Ok(Mnist, "lif-mlp@1", """{"hidden":512,"steps":8}""", 1, 0.9739, 4.07e5, 8e5, 4.1e5, 4));
        foreach (var run in Nights()) yield return run;
        foreach (var (family, configuration, macs, acs) in new[] { ("spikformer@1", """{"depth":2,"width":192,"heads":8,"steps":4}""",
            1.4e7, 1.1e8), ("ann-vit-tiny@1", """{"depth":2,"width":192}""", 9.8e7, 0.0), ("lif-mlp@1", """{"hidden":512,"steps":8}""",
            4.1e5, 8e5) })
        {
            var run = Ok(Mnist, family, configuration, 0, 0.98, 2e6, acs, macs, 12);
            yield return Identified(run with { Device = Metered, Trial = run.Trial with { Threads = 8 }, Metrics = [.. run.Metrics,
                new("energy.package", 1, ((macs * 4.6e-12) + (acs * 0.9e-12)) * 37 + 1e-5, "J/sample", Direction.Lower,
                "measured") { EnergyTier = "E2" }] });
        }
        yield return Identified(Failed(Mnist, "unlisted/../family", "[1,2]", 0, RunState.Unsupported,
            "Needs a GPU.") with { Family = null });
    }

    /// <summary>Neurons on a board, the read-out on its host, and how far the answers are those of the reference.</summary>
    static RunRecord OnBoard(RunRecord run) => Identified(run with
    {
        Device = Board, Trial = run.Trial with { DeviceClass = Board.Class },
        Operations = run.Operations! with { Layers = [.. run.Operations.Layers,
            new("readout", "linear", 1280, 0, 1280) { WeightBytes = 10240, Site = LayerOperations.Host }] },
        Metrics = [.. run.Metrics, new("equivalence.agreement", 1, 0.9971, "share", Direction.Higher, "derived") { Samples = 10000 },
            new("equivalence.divergence", 1, 0.21, "1", Direction.Lower, "derived") { Samples = 10000 }],
    });

    /// <summary>A row that ran every night for weeks: its latency rises by a fifth with a new commit, its accuracy stays.</summary>
    static IEnumerable<RunRecord> Nights()
    {
        for (var night = 1; night <= 24; night++)
        {
            var wobble = 0.004 * ((night * 7919 % 13) - 6) / 6;
            var run = Ok(Mnist, "logistic-regression@1", """{"l2":0.001}""", 0, 0.9202 + (wobble / 40), 7850, 0, 7840, 0.08 * (night > 16
                ? 1.2 : 1) * (1 + wobble));
            var begun = Start.AddDays(night - 24);
            yield return run with
            {
                RunId = $"01JDN{night:00}{run.TrialId.ToUpperInvariant()}", Started = begun, Ended = begun.AddMinutes(3),
                Provenance = run.Provenance with { Session = $"night-{night:00}", Commit = night > 16 ? "bbbbbbbbbbbb0000"
                    : "aaaaaaaaaaaa0000", Purpose = "nightly" },
            };
        }
    }

    static IReadOnlyList<Timed> Calls(double milliseconds) =>
    [
        .. Enumerable.Range(0, 200).Select(i => new Timed("single_stream", 1, (long)(milliseconds * 1e6 * (1
            + (0.4 * ((i * 7919 % 200) / 200.0)) + (i % 50 == 49 ? 1.5 : 0))))),
        .. Enumerable.Range(0, 160).Select(i => new Timed("offline", 64, (long)(milliseconds * 64e6 * (1 + (0.25 * i / 160))))),
    ];

    /// <summary>Three minutes in which a processor gets hot, slower, and loses two readings.</summary>
    static IReadOnlyList<SensorTrace> Traces =>
    [
        new("rapl:package-0", "power", "W", [.. Enumerable.Range(0, 180).Select(second => (double)second)],
            [.. Enumerable.Range(0, 180).Select(second => second is 40 or 41 ? (double?)null : 28 - (second / 30.0) + (second % 3))]),
        new("thermal:x86_pkg_temp", "temperature", "°C", [.. Enumerable.Range(0, 180).Select(second => (double)second)],
            [.. Enumerable.Range(0, 180).Select(second => (double?)(80 - (35 * Math.Exp(-second / 40.0))))]),
    ];

    /// <summary>One pixel.</summary>
    static byte[] Dot => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
        + "rkJggg==");

    static RunRecord Ok(DatasetCard data, string family, string configuration, int seed, double accuracy, double parameters, double acs,
        double macs, double milliseconds)
    {
        var run = Failed(data, family, configuration, seed, RunState.Ok, null);
        var half = 1.96 * Math.Sqrt(accuracy * (1 - accuracy) / 10000);
        var joules = (macs * 4.6e-12) + (acs * 0.9e-12);
        MetricValue[] metrics =
        [
            new("accuracy", 1, accuracy, "1", Direction.Higher, "derived") { Samples = 10000, Low = accuracy - half, High = Math.Min(1,
                accuracy + half), Interval = "Wilson 95 %", Primary = true },
            new("macro_f1", 1, accuracy - 0.0011, "1", Direction.Higher, "derived") { Samples = 10000, Low = accuracy - half - 0.001,
                High = accuracy + half - 0.001, Interval = "bootstrap 95 %" },
            new("speed.samples_per_second", 1, 2400 / milliseconds, "samples/s", Direction.Higher, "derived"),
            new("latency.p50", 1, milliseconds * 1e-3, "s", Direction.Lower, "derived") { Samples = 200 },
            new("latency.p99", 1, milliseconds * 1.4e-3, "s", Direction.Lower, "derived") { Samples = 200 },
            new("time.train", 1, milliseconds * 17.3, "s", Direction.Lower, "measured"),
            new("model.parameters", 1, parameters, "1", Direction.Lower, "counted"),
            new("memory.peak", 1, 2.1e8 + (parameters * 40), "B", Direction.Lower, "measured"),
            new("ops.macs", 1, macs, "1/sample", Direction.Lower, "counted"),
            new("ops.acs", 1, acs, "1/sample", Direction.Lower, "counted"),
            new("energy.memory", 1, (joules * 1.8) + (parameters * 4e-13), "J/sample", Direction.Lower, "derived") { EnergyTier = "E1" },
            new("energy.spikformer", 1, joules, "J/sample", Direction.Lower, "derived") { Low = joules * 0.4, High = joules * 2.5,
                Interval = "model range", EnergyTier = "E1" },
        ];
        return run with
        {
            Metrics = acs > 0 ? [.. metrics, new("activity.firing_rate", 1, 0.081 + (0.002 * seed), "1", Direction.Neutral, "counted")]
                : metrics,
            Footprint = new((long)parameters, (long)parameters * 4, 32),
            Operations = new(
            [
                new("stem.conv1", "conv", macs, 0, macs) { TimeSteps = 4, WeightBytes = 3456 },
                new("block0.attention", "linear", 0, acs * 0.6, acs * 7) { InputRate = 0.083, TimeSteps = 4, WeightBytes = 442368 },
                new("block0.neuron", "lif", 0, 0, 0) { FiringRate = 0.081, Spikes = 6100, NeuronUpdates = 75264, TimeSteps = 4 },
            ], 512),
            Timings = Calls(milliseconds),
            Traces = milliseconds > 5 ? Traces : [],
            Pictures = milliseconds > 5 ? [new("worst-1.png", "The worst sample: a dot", 1, 1) { Content = Dot }] : null,
            Curve = milliseconds < 1 ? [] : [.. Enumerable.Range(1, 12).Select(epoch => new TrainingPoint(epoch,
                (2.3 * Math.Exp(-0.3 * epoch)) + 0.02, accuracy - (0.2 * Math.Exp(-0.5 * epoch)), 17.3))],
            Readings = [new("memory.peak", 2.1e8), new("energy.package", null,
                "No power sensor: /sys/class/powercap is absent <i>here</i>.")],
        };
    }

    static RunRecord Failed(DatasetCard data, string family, string configuration, int seed, RunState state, string? reason)
    {
        var trial = new Trial("spiking-transformers", "image-classification", data.Protocol, family, JsonDocument.Parse(configuration)
            .RootElement, seed, Laptop.Class, 2);
        var begun = Start.AddMinutes(seed * 7).AddSeconds(family.Length);
        return Identified(new RunRecord("", "", trial, state, reason, Laptop, begun, begun.AddSeconds(412.5),
            new Provenance("0.1.0", "a16b1fd3c0ffee00000000000000000000000000", Dirty: false, "harness run --plan mnist",
                "20261124T030000Z", "results/plans/mnist.yaml", "manual"))
        { Dataset = data, Family = Families.GetValueOrDefault(family) });
    }

    static RunRecord Identified(RunRecord run) => run with { TrialId = run.Trial.Id, RunId = "01JDE" + run.Trial.Id.ToUpperInvariant() };

    sealed record Data(DatasetCard Card) : IDataset<int>
    {
        public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;
        public IEnumerable<int> Read(DirectoryInfo cache, Split split) => [];
    }

    sealed record Family(FamilyCard Card) : IModelFamily<int, int>
    {
        public IModel<int, int> Prepare(TrainingData<int> data, RunContext context) =>
            throw new TrainingFailedException("A card without a model.");
    }

    sealed record Metric(MetricCard Card) : IMetric<int, int>
    {
        public ITally<int, int> Begin() => throw new InvalidOperationException("Publishing must not score.");
    }

    /// <summary>An energy model of two coefficients with ranges.</summary>
    public sealed class Coefficients(double low, double mid, double high, string id = "energy.toy") : IEnergyModel
    {
        public double? AcLow { get; init; }
        public double? AcHigh { get; init; }
        public MetricCard Card { get; } = new(id, 1, $"Estimate {id}", "J/sample", Direction.Lower)
        { Definition = "Two prices." };
        public EnergyBasis Basis => new("MACs and ACs.", "a toy", "nobody",
            [new("mac", low, mid, high, "pJ", "nobody"), new("ac", AcLow ?? low, mid, AcHigh ?? high, "pJ", "nobody")]);

        public EnergyEstimate Estimate(OperationCounts operations, IReadOnlyDictionary<string, double>? constants = null)
        {
            double Price(string name, double end) => constants is not null && constants.TryGetValue(name, out var value) ? value : end;
            double At(double mac, double ac) => 1e-12 * (Price("mac", mac) * operations.Macs + Price("ac", ac) * operations.Acs);
            return new(At(low, AcLow ?? low), At(mid, mid), At(high, AcHigh ?? high));
        }
    }
}
