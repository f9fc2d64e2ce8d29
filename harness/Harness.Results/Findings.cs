using System.Text.Json.Serialization;

namespace Harness.Results;

/// <summary>
/// Something concluded about stored runs, or known about their surroundings. Stored once, never changed, and linked into the chain
/// like a run. <see cref="Id"/> is a hash of its content.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "finding")]
[JsonDerivedType(typeof(Comparison), Comparison.Word)]
[JsonDerivedType(typeof(Alert), Alert.Word)]
[JsonDerivedType(typeof(Occurrence), Occurrence.Word)]
public abstract record Finding(DateTimeOffset At)
{
    [JsonIgnore] public string Id => CanonicalJson.Hash(this)[..16];
    /// <summary>comparison, alert or event.</summary>
    [JsonIgnore] public abstract string Kind { get; }
}

/// <summary>Two runs compared in one metric.</summary>
/// <param name="Design">paired_samples, paired_time, history, or reproduction: the second run repeats the first.</param>
/// <param name="Effect">Second minus first in the unit of the metric; for paired_time the difference of their logarithms, turned so that
/// positive is worse.</param>
/// <param name="Verdict">better, worse, equivalent or inconclusive: the second run against the first.</param>
public sealed record Comparison(DateTimeOffset At, string Metric, int Version, string RunA, string RunB, string Design, double Effect,
    string Verdict) : Finding(At)
{
    internal const string Word = "comparison";
    [JsonIgnore] public override string Kind => Word;
    public double? Low { get; init; }
    public double? High { get; init; }
    public double? P { get; init; }
    /// <summary>P after correction for all comparisons of its session.</summary>
    public double? Q { get; init; }
    public double? DetectableEffect { get; init; }
    public double? Margin { get; init; }
    /// <summary>Shared samples or pairs.</summary>
    public int? Samples { get; init; }
    /// <summary>Null for a comparison that is not part of a series.</summary>
    public SeriesEntry? Entry { get; init; }
}

/// <summary>What a comparison of two builds is to the series that it continues: the next night is judged from these.</summary>
/// <param name="Series">The comparability key of the series.</param>
/// <param name="Role">nightly, or control_aa: the base against a copy of itself.</param>
/// <param name="Base">Commit of the first arm.</param>
/// <param name="Head">Commit of the second arm.</param>
/// <param name="Outcome">quiet, equivalent, unknown, regression, improvement, held or quarantined.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record SeriesEntry(string Session, string Series, string Device, string Role, string Base, string Head, string Outcome,
    string Reason)
{
    public const string Nightly = "nightly";
    public const string Control = "control_aa";

    /// <summary>How many nights before this one the change began that it concluded on.</summary>
    public int Back { get; init; }
    /// <summary>Standard deviation of the difference of one pair.</summary>
    public double? Deviation { get; init; }
    public double? NoiseFloor { get; init; }
    /// <summary>Typical values of the two arms tonight, in the unit of the metric.</summary>
    public double? Before { get; init; }
    public double? After { get; init; }
    public string? Unit { get; init; }
    /// <summary>Every run it stands on, in the order of running.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];
}

/// <summary>A change of a series that was confirmed, with what is needed to look at it again.</summary>
/// <param name="Series">The comparability key of the series.</param>
/// <param name="Verdict">regression, improvement or environment.</param>
public sealed record Alert(DateTimeOffset At, string Series, string Metric, string Verdict, double Before, double After, double Effect)
    : Finding(At)
{
    internal const string Word = "alert";
    [JsonIgnore] public override string Kind => Word;
    public double? Low { get; init; }
    public double? High { get; init; }
    public double? P { get; init; }
    public double? Q { get; init; }
    public double? NoiseFloor { get; init; }
    public double? DetectableEffect { get; init; }
    public string? GoodCommit { get; init; }
    public string? FirstBadCommit { get; init; }
    /// <summary>Commits between the two that could not be built or judged: the culprit is the first bad one or one of these.</summary>
    public IReadOnlyList<string>? Unjudged { get; init; }
    /// <summary>What else changed in the same night, in words.</summary>
    public string? Cause { get; init; }
    public string? Unit { get; init; }
    public string? Session { get; init; }
    public IReadOnlyList<string> Runs { get; init; } = [];
    /// <summary>The command that shows it again.</summary>
    public string? Reproduce { get; init; }
}

/// <summary>Something that happened to a device, a dataset or the harness and may explain a change.</summary>
/// <param name="Event">E.g. os_update, dataset_published, metric_version, note.</param>
/// <param name="Subject">What it happened to: a device, a protocol, a metric.</param>
public sealed record Occurrence(DateTimeOffset At, string Event, string Subject, string Note) : Finding(At)
{
    internal const string Word = "event";
    [JsonIgnore] public override string Kind => Word;
}
