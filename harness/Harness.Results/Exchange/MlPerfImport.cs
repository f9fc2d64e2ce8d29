using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>
/// A log of MLPerf: lines with <c>:::MLLOG</c>, of a training run (run_start … run_stop, eval_accuracy) or of LoadGen's
/// mlperf_log_detail.txt (result_… lines). One log is one run.
/// </summary>
static class MlPerfImport
{
    const string Tool = "mlperf";
    const string Mark = ":::MLLOG";

    public static Importer Importer { get; } = new(Tool, "a log with :::MLLOG lines", (text, names) =>
    {
        var lines = text.Split('\n').Where(line => line.Contains(Mark, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..])
            .Select(line => LooseJson.Parse(line, "A line of the log")).ToList();
        return lines.Count == 0 ? [] : [Run(new Log(lines), names)];
    });

    static ForeignRun Run(Log log, ImportNames names)
    {
        var task = names.Task ?? log.Text("submission_benchmark") ?? log.Text("effective_scenario");
        var model = names.Model ?? log.Text("submission_benchmark") ?? log.Text("sut_name");
        var configuration = log.Lines.Where(line => IsSetting(Log.Key(line))).GroupBy(Log.Key).ToDictionary(
            group => group.Key, group => group.Last().GetProperty("value"), StringComparer.Ordinal);
        var (state, reason) = StateOf(log);
        return new(task.Needed(Tool, "submission_benchmark (or give --task)"), model.Needed(Tool, "sut_name (or give --model)"),
            configuration, [.. Training(log), .. LoadGen(log)], JsonSerializer.SerializeToElement(log.Lines))
        {
            State = state, Reason = reason, Started = log.TimeOf("run_start") ?? log.First, Seconds = log.Seconds("run_start", "run_stop"),
            ToolVersion = log.Text("loadgen_version"),
            Seed = log.Number("seed") is { } seed and >= 0 and <= int.MaxValue ? (int)seed : null,
            Machine = log.Text("submission_platform") ?? log.Text("submission_org"),
        };
    }

    static bool IsSetting(string key) =>
        !key.StartsWith("result_", StringComparison.Ordinal) && !key.EndsWith("_start", StringComparison.Ordinal)
        && !key.EndsWith("_stop", StringComparison.Ordinal)
        && key is not ("eval_accuracy" or "train_loss" or "eval_loss" or "tracked_stats");

    static (RunState, string?) StateOf(Log log)
    {
        if (log.LastOrNull("run_stop")?.TextOrNull("metadata", "status") is { } status && status != "success")
            return (RunState.Failed, $"The log ends with run_stop status '{status}'.");
        if (log.Text("result_validity") is { } validity && validity != "VALID") return (RunState.Invalid, $"LoadGen says {validity}.");
        return log.TimeOf("run_start") is not null && log.TimeOf("run_stop") is null
            ? (RunState.Partial, "The log has no run_stop.") : (RunState.Ok, null);
    }

    static IEnumerable<MetricValue> Training(Log log)
    {
        if (log.Seconds("run_start", "run_stop") is { } seconds)
            yield return new($"{Tool}.time_to_train", 1, seconds, "s", Direction.Lower, "") { Primary = true };
        if (log.Number("eval_accuracy") is { } accuracy)
            yield return new($"{Tool}.eval_accuracy", 1, accuracy, "1", Direction.Higher, "");
    }

    // The unit stands in the name: nanoseconds become seconds.
    static IEnumerable<MetricValue> LoadGen(Log log)
    {
        var primary = true;
        foreach (var line in log.Lines.Where(line => Log.Key(line).StartsWith("result_", StringComparison.Ordinal)))
        {
            if (line.GetProperty("value") is not { ValueKind: JsonValueKind.Number } value) continue;
            var name = Log.Key(line)["result_".Length..];
            var isTime = name.EndsWith("_ns", StringComparison.Ordinal);
            var isRate = name.Contains("per_second", StringComparison.Ordinal);
            yield return new($"{Tool}.{(isTime ? name[..^3] : name)}", 1, isTime ? value.GetDouble() * 1e-9 : value.GetDouble(),
                isTime ? "s" : isRate ? "1/s" : "1", isTime ? Direction.Lower : isRate ? Direction.Higher : Direction.Neutral, "")
            { Primary = primary && (isTime || isRate) };
            if (isTime || isRate) primary = false;
        }
    }

    sealed record Log(IReadOnlyList<JsonElement> Lines)
    {
        public static string Key(JsonElement line) => line.TextOrNull("key").Needed(Tool, "key in a line");

        public JsonElement? LastOrNull(string key) =>
            Lines.Where(line => Key(line) == key).Select(line => (JsonElement?)line).LastOrDefault();
        public string? Text(string key) => LastOrNull(key)?.TextOrNull("value") is { Length: > 0 } text ? text : null;
        public double? Number(string key) => LastOrNull(key)?.NumberOrNull("value");
        public DateTimeOffset? First => Lines[0].NumberOrNull("time_ms") is { } time and > 1e11 ? At(time) : null;

        public DateTimeOffset? TimeOf(string key) => LastOrNull(key)?.NumberOrNull("time_ms") is { } time ? At(time) : null;

        public double? Seconds(string from, string to) =>
            LastOrNull(from)?.NumberOrNull("time_ms") is { } start && LastOrNull(to)?.NumberOrNull("time_ms") is { } stop
                ? (stop - start) / 1000 : null;

        static DateTimeOffset At(double milliseconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds);
    }
}
