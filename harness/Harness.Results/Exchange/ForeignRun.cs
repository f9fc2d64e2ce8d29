using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>One result of another tool, in our words. What the tool did not say stays null.</summary>
/// <param name="Task">What was run, with the version the tool gives it, e.g. <c>pp512@0</c>; 0 stands for none.</param>
/// <param name="Model">What it was run with.</param>
/// <param name="Configuration">Every setting the tool states.</param>
/// <param name="Entry">The tool's own words for this result, unchanged.</param>
sealed record ForeignRun(string Task, string Model, IReadOnlyDictionary<string, JsonElement> Configuration,
    IReadOnlyList<MetricValue> Metrics, JsonElement Entry)
{
    public string? ToolVersion { get; init; }
    public RunState State { get; init; } = RunState.Ok;
    public string? Reason { get; init; }
    public DateTimeOffset? Started { get; init; }
    public double? Seconds { get; init; }
    public int? Threads { get; init; }
    public int? Seed { get; init; }
    public int? Limit { get; init; }
    public string? Machine { get; init; }
    public string? Processor { get; init; }
    public int? Cores { get; init; }
    public string? OperatingSystem { get; init; }
    public string? Runtime { get; init; }
    public Footprint? Footprint { get; init; }
    public IReadOnlyList<Timed> Timings { get; init; } = [];
}

/// <summary>Reads the results of one tool.</summary>
/// <param name="Tool">As it is named on the command line.</param>
/// <param name="Writes">The file it reads.</param>
/// <param name="Read">Takes the file's text and what the user says of it.</param>
sealed record Importer(string Tool, string Writes, Func<string, ImportNames, IReadOnlyList<ForeignRun>> Read);
