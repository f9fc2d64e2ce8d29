using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>
/// A result file of airspeed velocity (version 2): per benchmark a list of columns, in them one value per combination of parameters. A
/// null is a benchmark that failed, NaN one that was skipped.
/// </summary>
static class AsvImport
{
    const string Tool = "asv";

    public static Importer Importer { get; } =
        new(Tool, "a result file of asv 0.6, .asv/results/MACHINE/COMMIT-ENVIRONMENT.json", (text, names) =>
    {
        var file = LooseJson.Parse(text, Tool);
        file.MemberOrNull("results").Needed(Tool, "results");
        var columns = file.Items("result_columns").Select(column => column.GetString()!).ToList();
        if (columns.Count == 0) throw new HarnessException("This is no output of asv 0.6: result_columns is missing.");
        return [.. file.Members("results").SelectMany(benchmark => Runs(file, columns, benchmark, names))];
    });

    static IEnumerable<ForeignRun> Runs(JsonElement file, List<string> columns, JsonProperty benchmark, ImportNames names)
    {
        var cells = benchmark.Value.EnumerateArray().ToList();
        JsonElement? Column(string name) => columns.IndexOf(name) is var at and >= 0 && at < cells.Count ? cells[at] : null;
        var combinations = Combinations(Column("params")).ToList();
        var values = Column("result") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        for (var index = 0; index < combinations.Count; index++)
        {
            double? At(string column) => Column(column) is { ValueKind: JsonValueKind.Array } row && index < row.GetArrayLength()
                && row[index].ValueKind == JsonValueKind.Number ? row[index].GetDouble() : null;
            var value = index < values.Count && values[index].ValueKind == JsonValueKind.Number ? values[index].GetDouble() : (double?)null;
            yield return new(names.Task ?? benchmark.Name, names.Model ?? file.TextOrNull("env_name") ?? Tool,
                Configuration(file, combinations[index]), value is { } known
                    ? [Metric(benchmark.Name, known, At("stats_ci_99_a"), At("stats_ci_99_b"))] : [],
                benchmark.Value)
            {
                State = value is null ? RunState.Failed : RunState.Ok,
                Reason = value is null ? "asv has no value: the benchmark failed or was skipped." : null,
                Started = Column("started_at") is { ValueKind: JsonValueKind.Number } time
                    ? DateTimeOffset.UnixEpoch.AddMilliseconds(time.GetDouble()) : null,
                Seconds = Column("duration") is { ValueKind: JsonValueKind.Number } duration ? duration.GetDouble() : null,
                Machine = file.TextOrNull("params", "machine"), Processor = file.TextOrNull("params", "cpu"),
                Cores = file.IntegerOrNull("params", "num_cpu"), OperatingSystem = file.TextOrNull("params", "os"),
                Runtime = file.TextOrNull("python") is { } python ? $"Python {python}" : null,
            };
        }
    }

    // What asv calls a track benchmark says its unit elsewhere.
    static MetricValue Metric(string benchmark, double value, double? low, double? high)
    {
        var name = benchmark.Split('(')[0].Split('.')[^1];
        var unit = name.StartsWith("time", StringComparison.Ordinal) ? "s"
            : name.StartsWith("mem", StringComparison.Ordinal) || name.StartsWith("peakmem", StringComparison.Ordinal) ? "B" : "1";
        var bounded = low is not null && high is not null;
        return new($"{Tool}.result", 1, value, unit, unit == "1" ? Direction.Neutral : Direction.Lower, "")
        { Primary = true, Low = bounded ? low : null, High = bounded ? high : null, Interval = bounded ? "asv 99 %" : null };
    }

    static Dictionary<string, JsonElement> Configuration(JsonElement file, IReadOnlyList<JsonElement> parameters)
    {
        var configuration = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        { ["parameters"] = JsonSerializer.SerializeToElement(parameters) };
        foreach (var name in new[] { "commit_hash", "env_name", "requirements", "env_vars" })
            if (file.MemberOrNull(name) is { } value) configuration[name] = value;
        return configuration;
    }

    // In the order of itertools.product: the last parameter varies fastest.
    static IEnumerable<IReadOnlyList<JsonElement>> Combinations(JsonElement? parameters)
    {
        IEnumerable<IReadOnlyList<JsonElement>> combinations = [[]];
        if (parameters is not { ValueKind: JsonValueKind.Array } axes) return combinations;
        return axes.EnumerateArray().Aggregate(combinations, (product, axis) =>
            product.SelectMany(head => axis.EnumerateArray().Select(value => (IReadOnlyList<JsonElement>)[.. head, value])));
    }
}
