using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>BenchmarkDotNet's <c>*-report-full.json</c>: one run per benchmark case, with every measurement.</summary>
static class BenchmarkDotNetImport
{
    const string Tool = "benchmarkdotnet";

    public static Importer Importer { get; } = new(Tool, "a *-report-full*.json file of BenchmarkDotNet's JSON exporters", (text, names) =>
    {
        var file = LooseJson.Parse(text, Tool);
        file.MemberOrNull("Benchmarks").Needed(Tool, "Benchmarks");
        return [.. file.Items("Benchmarks").Select(benchmark => Run(file, benchmark, names))];
    });

    static ForeignRun Run(JsonElement file, JsonElement benchmark, ImportNames names)
    {
        var type = benchmark.TextOrNull("Type").Needed(Tool, "Type");
        var method = benchmark.TextOrNull("Method").Needed(Tool, "Method");
        var parameters = benchmark.TextOrNull("Parameters") ?? "";
        var host = file.MemberOrNull("HostEnvironmentInfo") ?? default;
        var configuration = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["parameters"] = JsonSerializer.SerializeToElement(parameters),
            ["job"] = JsonSerializer.SerializeToElement(benchmark.TextOrNull("DisplayInfo") ?? ""),
        };
        var failed = benchmark.MemberOrNull("Statistics") is null;
        return new(names.Task ?? type, names.Model ?? $"{type}.{method}", configuration, [.. Metrics(benchmark)], benchmark)
        {
            ToolVersion = host.TextOrNull("BenchmarkDotNetVersion"), Processor = host.TextOrNull("ProcessorName"),
            Cores = host.IntegerOrNull("LogicalCoreCount"), OperatingSystem = host.TextOrNull("OsVersion"),
            Runtime = host.TextOrNull("RuntimeVersion"), Timings = [.. Timings(benchmark)],
            State = failed ? RunState.Failed : RunState.Ok,
            Reason = failed ? "BenchmarkDotNet has no statistics for this benchmark: it failed." : null,
        };
    }

    // Times are nanoseconds per operation.
    static IEnumerable<MetricValue> Metrics(JsonElement benchmark)
    {
        var n = benchmark.IntegerOrNull("Statistics", "N");
        if (benchmark.NumberOrNull("Statistics", "Mean") is { } mean)
            yield return new("time.mean", 1, mean * 1e-9, "s", Direction.Lower, "")
            {
                Samples = n, Primary = true, Low = benchmark.NumberOrNull("Statistics", "ConfidenceInterval", "Lower") * 1e-9,
                High = benchmark.NumberOrNull("Statistics", "ConfidenceInterval", "Upper") * 1e-9,
                Interval = benchmark.TextOrNull("Statistics", "ConfidenceInterval", "Level") is { } level
                    ? $"BenchmarkDotNet level {level}" : null,
            };
        if (benchmark.NumberOrNull("Statistics", "Median") is { } median)
            yield return new("time.median", 1, median * 1e-9, "s", Direction.Lower, "") { Samples = n };
        if (benchmark.NumberOrNull("Memory", "BytesAllocatedPerOperation") is { } bytes)
            yield return new("memory.allocated", 1, bytes, "B", Direction.Lower, "");
    }

    static IEnumerable<Timed> Timings(JsonElement benchmark) =>
        from measurement in benchmark.Items("Measurements")
        where measurement.TextOrNull("IterationMode") == "Workload"
        let operations = measurement.IntegerOrNull("Operations")
        let nanoseconds = measurement.NumberOrNull("Nanoseconds")
        where operations is not null && nanoseconds is not null
        select new Timed((measurement.TextOrNull("IterationStage") ?? "declared").ToLowerInvariant(), operations.Value,
            (long)nanoseconds.Value);
}
