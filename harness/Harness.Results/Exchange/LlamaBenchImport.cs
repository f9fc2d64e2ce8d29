using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>llama.cpp's llama-bench (<c>-o json</c> or <c>jsonl</c>): one result per test, with every repetition.</summary>
static class LlamaBenchImport
{
    const string Tool = "llama-bench";

    public static Importer Importer { get; } = new(Tool, "the output of `llama-bench -o json` or `-o jsonl`", (text, names) =>
        [.. Rows(text).Select(row => Run(row, names))]);

    /// <summary>What is a result rather than a setting.</summary>
    static readonly HashSet<string> Results =
    [
        "build_commit", "build_number", "cpu_info", "gpu_info", "model_filename", "model_type", "model_size", "model_n_params", "n_threads",
        "test_time", "avg_ns", "stddev_ns", "avg_ts", "stddev_ts", "samples_ns", "samples_ts", "test",
        // What our own bench adds.
        "token_p50_ns", "token_p99_ns", "weight_bytes_per_token", "weight_bytes_per_second", "text_bytes_per_second", "emitted",
    ];

    static IEnumerable<JsonElement> Rows(string text)
    {
        if (text.TrimStart().StartsWith('[')) return LooseJson.Parse(text, Tool).EnumerateArray();
        return text.Split('\n').Where(line => line.TrimStart().StartsWith('{')).Select(line => LooseJson.Parse(line, Tool));
    }

    static ForeignRun Run(JsonElement row, ImportNames names)
    {
        var (prompt, generated) = (row.IntegerOrNull("n_prompt") ?? 0, row.IntegerOrNull("n_gen") ?? 0);
        var depth = row.IntegerOrNull("n_depth") ?? 0;
        var configuration = row.EnumerateObject().Where(member => !Results.Contains(member.Name))
            .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        return new(names.Task ?? Task(prompt, generated, depth), names.Model ?? row.TextOrNull("model_type").Needed(Tool, "model_type"),
            configuration, [.. Metrics(row, prompt, generated)], row)
        {
            ToolVersion = row.TextOrNull("build_commit") is { } commit ? $"{row.TextOrNull("build_number")} ({commit})" : null,
            Started = DateTimeOffset.TryParse(row.TextOrNull("test_time"), out var time) ? time.ToUniversalTime() : null,
            Seconds = row.Items("samples_ns").Sum(sample => sample.GetDouble()) * 1e-9,
            Threads = row.IntegerOrNull("n_threads"),
            Processor = string.Join(" + ",
                new[] { row.TextOrNull("cpu_info"), row.TextOrNull("gpu_info") }.Where(part => !string.IsNullOrEmpty(part))),
            Footprint = Footprint(row),
            Timings = [.. row.Items("samples_ns").Select(sample => new Timed("declared", prompt + generated, (long)sample.GetDouble()))],
        };
    }

    static string Task(int prompt, int generated, int depth) =>
        string.Join('+', new[] { prompt > 0 ? $"pp{prompt}" : "", generated > 0 ? $"tg{generated}" : "" }.Where(part => part.Length > 0))
        + (depth > 0 ? $".d{depth}" : "");

    static IEnumerable<MetricValue> Metrics(JsonElement row, int prompt, int generated)
    {
        var name = (prompt, generated) switch { ( > 0, 0) => "llm.prefill_tps", (0, > 0) => "llm.decode_tps", _ => "llm.combined_tps" };
        int? repetitions = row.Items("samples_ns").Count() is var count and > 0 ? count : null;
        yield return new(name, 1, row.NumberOrNull("avg_ts").Needed(Tool, "avg_ts"), "tokens/s", Direction.Higher, "")
        { Samples = repetitions, Primary = true };
        if (row.NumberOrNull("avg_ns") is { } nanoseconds)
            yield return new("time.test", 1, nanoseconds * 1e-9, "s", Direction.Lower, "") { Samples = repetitions };
    }

    static Footprint? Footprint(JsonElement row) =>
        row.NumberOrNull("model_n_params") is { } parameters and > 0 && row.NumberOrNull("model_size") is { } bytes
            ? new((long)parameters, (long)bytes, 8 * bytes / parameters) : null;
}
