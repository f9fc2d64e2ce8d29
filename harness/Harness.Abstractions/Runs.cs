using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Abstractions;

/// <summary>How a run ended. Exactly one; a failure is a row, never a hole.</summary>
public enum RunState { Ok, Partial, Failed, Unsupported, Skipped, Aborted, InfraError, Timeout, Invalid }

/// <summary>Family configuration × protocol × seed × device class: what is to be run. <see cref="Id"/> is a hash of the content.</summary>
/// <param name="Family">Family id with version, e.g. <c>spikformer@1</c>.</param>
/// <param name="Configuration">Every hyper-parameter of the record, canonical.</param>
public sealed record Trial(string Suite, string Benchmark, string Protocol, string Family, JsonElement Configuration, int Seed,
    string DeviceClass, int Threads)
{
    // Tables of many runs ask for it again and again; beside the trial, not in it: `with` would copy it, and equality would see it.
    static readonly ConditionalWeakTable<Trial, string> hashes = [];

    /// <summary>Test samples to run; null is all. A limited run is marked and never compared with a full one.</summary>
    public int? Limit { get; init; }
    [JsonIgnore] public string Id => CanonicalJson.Hash(this)[..16];
    [JsonIgnore] public string ConfigurationHash =>
        hashes.GetValue(this, static trial => CanonicalJson.Hash(trial.Configuration)[..8]);
}

/// <summary>Runs trials on a device, near or far. Observations arrive as they are made; the last one is <see cref="Finished"/>.</summary>
public interface IDeviceAgent : IAsyncDisposable
{
    ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation);
    IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation);
}

/// <summary>One line of the worker protocol (docs/worker-protocol.md).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(PhaseStarted), "phase")]
[JsonDerivedType(typeof(Trained), "trained")]
[JsonDerivedType(typeof(Described), "described")]
[JsonDerivedType(typeof(Predicted), "predicted")]
[JsonDerivedType(typeof(Timed), "timed")]
[JsonDerivedType(typeof(Read), "read")]
[JsonDerivedType(typeof(Traced), "traced")]
[JsonDerivedType(typeof(Finished), "finished")]
public abstract record Observation;

/// <summary>First line of a worker: what it is and which protocol version it speaks.</summary>
public sealed record Hello(int Protocol, string Worker, string Version) : Observation;
/// <summary>fetch, load, train, predict, latency, count.</summary>
public sealed record PhaseStarted(string Phase) : Observation;
public sealed record Trained(TrainingPoint Point) : Observation;
/// <summary>Sent once a model exists, and again with counts.</summary>
public sealed record Described(Footprint Footprint, OperationCounts? Operations) : Observation;
/// <summary>Predictions of consecutive test samples from index <paramref name="First"/> on.</summary>
public sealed record Predicted(int First, IReadOnlyList<JsonElement> Predictions) : Observation;
/// <summary>
/// One timed call: <paramref name="Stage"/> is train, warmup, offline or single_stream; a part that the model timed is named after a slash,
/// as in <c>single_stream/decode</c>.
/// </summary>
public sealed record Timed(string Stage, int Operations, long Nanoseconds) : Observation;
public sealed record Read(Reading Reading) : Observation;
public sealed record Traced(SensorTrace Trace) : Observation;
public sealed record Finished(RunState State, string? Reason) : Observation;

/// <summary>One test sample's outcome. <paramref name="Correct"/> is null where a sample cannot be right or wrong, as in
/// clustering.</summary>
public sealed record SampleRow(int Sample, string Target, string Answer, bool? Correct, JsonElement Prediction);

/// <summary>A picture of what the scores of a run are made of. It is derived, like a score, and stored beside the run.</summary>
/// <param name="Name">Its file name: lower-case letters, digits, dots and dashes, ending in <c>.png</c>.</param>
/// <param name="Caption">What it shows, also for those who cannot see it.</param>
/// <param name="Frames">How many frames of equal height lie below one another, e.g. the slices of a volume.</param>
public sealed record Picture(string Name, string Caption, int Width, int Height, int Frames = 1)
{
    /// <summary>The PNG file; empty where a run was read without <see cref="ResultFilter.Detail"/>.</summary>
    [JsonIgnore] public ReadOnlyMemory<byte> Content { get; init; }
}

/// <summary>One number with its origin. <paramref name="Source"/> is measured, counted, derived or declared.</summary>
public sealed record MetricValue(string Metric, int Version, double Value, string Unit, Direction Direction, string Source)
{
    public int? Samples { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }
    public string? Interval { get; init; }
    public string? EnergyTier { get; init; }
    public bool Primary { get; init; }
}

/// <summary>Where a run came from: enough to run it again.</summary>
public sealed record Provenance(string HarnessVersion, string Commit, bool Dirty, string CommandLine, string Session, string Plan,
    string Purpose);

/// <summary>Where a run stands in a measurement of two builds side by side.</summary>
/// <param name="Id">Shared by all runs of the measurement.</param>
/// <param name="Arm">head, base, copy (of the base, in a control) or commit (under suspicion).</param>
/// <param name="Order">Its place in the order of running, from 0.</param>
public sealed record PairPlace(string Id, string Arm, int Order)
{
    /// <summary>The build under test. Runs of every other arm are material of a comparison and not results to be listed.</summary>
    public const string Head = "head";
}

/// <summary>The run envelope, stored as canonical JSON; samples, timings and traces of sensors lie beside it as Parquet.</summary>
public sealed record RunRecord(string RunId, string TrialId, Trial Trial, RunState State, string? Reason, DeviceCard Device,
    DateTimeOffset Started, DateTimeOffset Ended, Provenance Provenance)
{
    public FamilyCard? Family { get; init; }
    public DatasetCard? Dataset { get; init; }
    public Footprint? Footprint { get; init; }
    public OperationCounts? Operations { get; init; }
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];
    public IReadOnlyList<Reading> Readings { get; init; } = [];
    public IReadOnlyList<TrainingPoint> Curve { get; init; } = [];
    /// <summary>The worst first; null where the benchmark draws none.</summary>
    public IReadOnlyList<Picture>? Pictures { get; init; }
    /// <summary>Null for a run that was not measured beside another build.</summary>
    public PairPlace? Pair { get; init; }
    [JsonIgnore] public IReadOnlyList<SampleRow> Samples { get; init; } = [];
    [JsonIgnore] public IReadOnlyList<Timed> Timings { get; init; } = [];
    [JsonIgnore] public IReadOnlyList<SensorTrace> Traces { get; init; } = [];
}

/// <summary>Which runs to read; null is any. <paramref name="Detail"/> also reads samples, timings and traces.</summary>
public sealed record ResultFilter(string? Suite = null, string? Protocol = null, string? Family = null, string? Session = null,
    string? RunId = null, string? TrialId = null, RunState? State = null, bool Detail = false);

public interface IResultStore
{
    /// <summary>Stores the run whole or not at all; durable when it returns.</summary>
    ValueTask AppendAsync(RunRecord run, CancellationToken cancellation);
    IAsyncEnumerable<RunRecord> ReadAsync(ResultFilter filter, CancellationToken cancellation);
}

/// <summary>What a page may show.</summary>
public sealed record ResultView(IReadOnlyList<RunRecord> Runs, IReadOnlyList<Suite> Suites, DateTimeOffset At);

public interface IPage
{
    string Path { get; }
    void Write(ResultView view, TextWriter page);
}
