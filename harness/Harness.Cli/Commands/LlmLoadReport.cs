using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Statistics;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Models;

namespace Harness.Cli.Commands;

/// <summary>What a load showed, under the names that MLPerf's load generator gives it.</summary>
sealed record LlmLoadReport(LanguageModel Model, LoadTest Test, LoadBounds Bounds, IReadOnlyList<QueryTimes> Queries,
    DateTimeOffset Started)
{
    const double SingleStreamShare = 0.9;

    double Seconds => Queries.Max(query => query.Done).TotalSeconds;

    double TokensPerSecond => Queries.Sum(query => (double)query.Tokens) / Seconds;

    /// <summary>Whether the number it is about can be stated: enough queries, and of a server every bound kept.</summary>
    public bool IsValid => Test.Scenario switch
    {
        LoadScenario.SingleStream => Bound(SingleStreamShare) is not null,
        LoadScenario.Server => Bounds.AreKept(Queries),
        _ => true,
    };

    public static IReadOnlyList<string> Columns { get; } =
        ["scenario", "queries", "rate", "result", "queries/s", "tokens/s", "TTFT p50", "TTFT p99", "TPOT p50", "TPOT p99", "valid"];

    public IReadOnlyList<string> Cells =>
    [
        Name, $"{Queries.Count}", Test.Scenario == LoadScenario.Server ? Text(Test.Rate) + "/s" : "–", Result,
        Text(Queries.Count / Seconds), Text(TokensPerSecond), Time(query => query.ToFirstToken, 0.5),
        Time(query => query.ToFirstToken, 0.99), Time(query => query.PerToken, 0.5), Time(query => query.PerToken, 0.99),
        IsValid ? "yes" : "no",
    ];

    string Name => Test.Scenario switch
    {
        LoadScenario.SingleStream => "SingleStream", LoadScenario.Offline => "Offline", _ => "Server",
    };

    string Result => Test.Scenario switch
    {
        LoadScenario.SingleStream => Bound(SingleStreamShare) is { } latency ? $"p90 {Milliseconds(latency)}"
            : $"p90 needs {EarlyStopping.LeastQueries(SingleStreamShare)} queries",
        LoadScenario.Offline => Text(Queries.Count / Seconds) + " queries/s",
        _ => $"p99 {Time(query => query.Latency, LoadBounds.Share)}",
    };

    /// <summary>Lines of a log of LoadGen, which <c>harness import --from mlperf</c> reads.</summary>
    public IEnumerable<string> LogLines()
    {
        foreach (var (key, value) in Entries())
            yield return ":::MLLOG " + new JsonObject
            {
                ["key"] = key, ["value"] = value, ["time_ms"] = (Started - DateTimeOffset.UnixEpoch).TotalMilliseconds,
                ["namespace"] = "mlperf::logging", ["event_type"] = "POINT_IN_TIME",
                ["metadata"] = new JsonObject { ["is_error"] = false, ["is_warning"] = false },
            }.ToJsonString();
    }

    IEnumerable<(string Key, JsonNode Value)> Entries()
    {
        yield return ("loadgen_version", "harness " + Origin.Describe("", "", "").Commit);
        yield return ("sut_name", Model.Name ?? Model.Shape.Architecture);
        yield return ("effective_scenario", Name);
        yield return ("effective_min_query_count", Test.Queries);
        yield return ("effective_target_qps", Test.Rate);
        yield return ("effective_schedule_rng_seed", Test.Seed);
        yield return ("prompt_tokens", Test.Prompt);
        yield return ("answer_tokens", Test.Generate);
        yield return ("result_validity", IsValid ? "VALID" : "INVALID");
        if (Test.Scenario == LoadScenario.SingleStream && Bound(SingleStreamShare) is { } bound)
            yield return ("result_90.00_percentile_latency_ns", Math.Round(bound));
        yield return (Test.Scenario == LoadScenario.Server ? "result_completed_samples_per_second" : "result_samples_per_second",
            Queries.Count / Seconds);
        yield return ("result_token_throughput_per_second", TokensPerSecond);
        foreach (var (name, time) in new (string, Func<QueryTimes, TimeSpan>)[] { ("latency", query => query.Latency),
                     ("first_token_latency", query => query.ToFirstToken), ("time_per_output_token", query => query.PerToken) })
            foreach (var share in new[] { 0.5, 0.99 })
                yield return (string.Create(CultureInfo.InvariantCulture, $"result_{name}_{100 * share:0.00}_percentile_ns"),
                    Math.Round(Quantile(time, share)));
    }

    double? Bound(double share) => EarlyStopping.BoundOrNull([.. Queries.Select(query => query.Latency.TotalNanoseconds)], share);

    // Nearest rank, as LoadGen states percentiles.
    double Quantile(Func<QueryTimes, TimeSpan> time, double share) =>
        Queries.Select(time).Order().ElementAt((int)Math.Ceiling(share * Queries.Count) - 1).TotalNanoseconds;

    string Time(Func<QueryTimes, TimeSpan> time, double share) => Milliseconds(Quantile(time, share));

    static string Milliseconds(double nanoseconds) => Text(nanoseconds * 1e-6) + " ms";

    static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
