using System.Globalization;
using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>EleutherAI's lm-evaluation-harness: <c>results_*.json</c>, one run per task.</summary>
static class LmEvalImport
{
    const string Tool = "lm-eval";
    /// <summary>97.5 % quantile of the normal distribution.</summary>
    const double Quantile = 1.959963984540054;

    public static Importer Importer { get; } = new(Tool, "a results_*.json file of lm-evaluation-harness", (text, names) =>
    {
        var file = LooseJson.Parse(text, Tool);
        file.MemberOrNull("results").Needed(Tool, "results");
        return [.. file.Members("results").Select(task => Run(file, task, names))];
    });

    static ForeignRun Run(JsonElement file, JsonProperty task, ImportNames names)
    {
        var model = names.Model ?? file.TextOrNull("model_name") ?? file.TextOrNull("config", "model_args")
            ?? file.TextOrNull("config", "model");
        return new($"{task.Name}@{file.TextOrNull("versions", task.Name) ?? "0"}", model.Needed(Tool, "model_name (or give --model)"),
            Configuration(file, task.Name), [.. Metrics(file, task)], Entry(file, task))
        {
            ToolVersion = file.TextOrNull("lm_eval_version") ?? file.TextOrNull("git_hash"),
            Started = file.NumberOrNull("date") is { } date ? DateTimeOffset.UnixEpoch.AddSeconds(date) : null,
            Seconds = file.NumberOrNull("total_evaluation_time_seconds"),
            Seed = file.IntegerOrNull("config", "random_seed"),
            Limit = file.IntegerOrNull("config", "limit"),
        };
    }

    static Dictionary<string, JsonElement> Configuration(JsonElement file, string task)
    {
        var configuration = file.Members("config").ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        if (file.MemberOrNull("n-shot", task) is { } shots) configuration["num_fewshot"] = shots;
        return configuration;
    }

    // Names are "acc,none": the metric and the filter of the answers; "acc_stderr,none" is its standard error.
    static IEnumerable<MetricValue> Metrics(JsonElement file, JsonProperty task)
    {
        var samples = file.IntegerOrNull("n-samples", task.Name, "effective");
        var primary = true;
        foreach (var member in task.Value.EnumerateObject())
        {
            var (name, filter) = member.Name.Split(',') is [var first, var second] ? (first, second) : (member.Name, "");
            var isNumber = member.Value.ValueKind == JsonValueKind.Number;
            if (!isNumber || filter.Length == 0 || name.EndsWith("_stderr", StringComparison.Ordinal)) continue;
            var (value, error) = (member.Value.GetDouble(), task.Value.NumberOrNull($"{name}_stderr,{filter}"));
            yield return new($"{Tool}.{name}.{filter}", 1, value, "1", DirectionOf(file, task.Name, name), "")
            {
                Samples = samples, Primary = primary, Low = value - Quantile * error, High = value + Quantile * error,
                Interval = error is { } known ? string.Create(CultureInfo.InvariantCulture, $"normal 95 % of standard error {known:R}")
                    : null,
            };
            primary = false;
        }
    }

    static Direction DirectionOf(JsonElement file, string task, string metric) => file.MemberOrNull("higher_is_better", task, metric) switch
    {
        { ValueKind: JsonValueKind.True } => Direction.Higher,
        { ValueKind: JsonValueKind.False } => Direction.Lower,
        _ => Direction.Neutral,
    };

    static JsonElement Entry(JsonElement file, JsonProperty task) => JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement?>
    {
        ["task"] = JsonSerializer.SerializeToElement(task.Name), ["results"] = task.Value,
        ["configs"] = file.MemberOrNull("configs", task.Name), ["n-samples"] = file.MemberOrNull("n-samples", task.Name),
    });
}
