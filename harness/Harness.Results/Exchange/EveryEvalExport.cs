using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Results.Exchange;

/// <summary>
/// Every Eval Ever (EvalEval Coalition), schema 0.3.0: one aggregate document per run, at data/BENCHMARK/DEVELOPER/MODEL/ID.json. A
/// continuous score needs bounds of its range there; only proportions have them, other metrics leave the type of the score out.
/// </summary>
static class EveryEvalExport
{
    const string Schema = "0.3.0";

    public static IEnumerable<(string Path, string Json)> Documents(IEnumerable<RunRecord> runs, DateTimeOffset at) =>
        runs.Where(run => run.State == RunState.Ok && run.Metrics.Count > 0)
            .Select(run => (Path(run), Document(run, at).ToJsonString(Indented)));

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = CanonicalJson.Options.Encoder };

    static string Path(RunRecord run) =>
        $"data/{Slug(Export.Bare(run.Trial.Protocol))}/{Slug(run.Trial.Suite)}/{Slug(Export.Bare(run.Trial.Family))}/"
        + $"{run.RunId.ToLowerInvariant()}.json";

    static JsonObject Document(RunRecord run, DateTimeOffset at) => new()
    {
        ["schema_version"] = Schema,
        ["evaluation_id"] = $"{run.Trial.Protocol}/{run.Trial.Family}/{run.RunId}",
        ["evaluation_timestamp"] = Unix(run.Started),
        ["retrieved_timestamp"] = Unix(at),
        ["source_metadata"] = new JsonObject
        {
            ["source_name"] = Export.IsImported(run) ? run.Provenance.Plan : "harness", ["source_type"] = "evaluation_run",
            ["source_organization_name"] = "unknown", ["evaluator_relationship"] = "other",
            ["additional_details"] = new JsonObject
            {
                ["purpose"] = run.Provenance.Purpose, ["device"] = run.Device.Id, ["run_id"] = run.RunId,
                ["run_sha256"] = CanonicalJson.Hash(run),
            },
        },
        ["eval_library"] = Library(run),
        ["model_info"] = new JsonObject
        {
            ["name"] = run.Family?.Title ?? Export.Bare(run.Trial.Family),
            ["id"] = $"{Slug(run.Trial.Suite)}/{Slug(Export.Bare(run.Trial.Family))}",
            ["additional_details"] = new JsonObject
            {
                ["family"] = run.Trial.Family, ["configuration"] = CanonicalJson.Write(run.Trial.Configuration),
                ["seed"] = $"{run.Trial.Seed}", ["deployment_type"] = Export.IsImported(run) ? "unknown" : "self_deployed",
                ["model_availability"] = "unknown",
            },
        },
        ["evaluation_results"] = new JsonArray([.. run.Metrics.Select(metric => Result(run, metric))]),
    };

    static JsonObject Library(RunRecord run) => Export.IsImported(run)
        ? new() { ["name"] = run.Trial.Benchmark, ["version"] = run.Provenance.Plan.Split(' ', 2)[^1] }
        : new()
        {
            ["name"] = "harness", ["version"] = run.Provenance.HarnessVersion,
            ["additional_details"] = new JsonObject
            { ["commit"] = run.Provenance.Commit, ["dirty"] = run.Provenance.Dirty ? "true" : "false" },
        };

    static JsonObject Result(RunRecord run, MetricValue metric) => new()
    {
        ["evaluation_name"] = metric.Metric,
        ["source_data"] = new JsonObject
        {
            ["dataset_name"] = run.Trial.Protocol, ["source_type"] = "other",
            ["additional_details"] =
                new JsonObject { ["split"] = "test", ["limit"] = $"{run.Trial.Limit?.ToString(CultureInfo.InvariantCulture) ?? "none"}" },
        },
        ["metric_config"] = Config(metric),
        ["score_details"] = Score(metric),
    };

    static JsonObject Config(MetricValue metric)
    {
        var config = new JsonObject
        {
            ["metric_id"] = metric.Metric, ["metric_unit"] = metric.Unit, ["lower_is_better"] = metric.Direction == Direction.Lower,
            ["additional_details"] = new JsonObject
            { ["version"] = $"{metric.Version}", ["direction"] = Words.Of(metric.Direction), ["source"] = metric.Source },
        };
        if (metric.Unit is not ("proportion" or "1") || metric.Value is < 0 or > 1) return config;
        (config["score_type"], config["min_score"], config["max_score"]) = ("continuous", 0, 1);
        return config;
    }

    static JsonObject Score(MetricValue metric)
    {
        var score = new JsonObject { ["score"] = metric.Value };
        var uncertainty = new JsonObject();
        if (metric is { Low: { } low, High: { } high })
        {
            var interval = new JsonObject { ["lower"] = low, ["upper"] = high };
            if (metric.Interval is { } method) interval["method"] = method;
            uncertainty["confidence_interval"] = interval;
        }
        if (metric.Samples is { } samples) uncertainty["num_samples"] = samples;
        if (uncertainty.Count > 0) score["uncertainty"] = uncertainty;
        return score;
    }

    static string Unix(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds() / 1000.0:0.###}");

    static string Slug(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')]);
}
