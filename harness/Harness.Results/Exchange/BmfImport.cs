using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>Bencher Metric Format: benchmark, measure, value with optional bounds. Only its two built-in measures have a unit and a
/// direction: latency in ns, throughput in operations per second.</summary>
static class BmfImport
{
    const string Tool = "bmf";

    public static Importer Importer { get; } = new(Tool, "Bencher Metric Format JSON", (text, names) =>
    {
        var file = LooseJson.Parse(text, Tool);
        if (file.ValueKind != JsonValueKind.Object) throw new HarnessException("This is no Bencher Metric Format: it is not an object.");
        return [.. file.EnumerateObject().Select(benchmark => Run(benchmark, names))];
    });

    static ForeignRun Run(JsonProperty benchmark, ImportNames names)
    {
        if (benchmark.Value.ValueKind != JsonValueKind.Object)
            throw new HarnessException($"This is no Bencher Metric Format: '{benchmark.Name}' holds no measures.");
        return new(names.Task ?? Tool, names.Model ?? benchmark.Name, new Dictionary<string, JsonElement>(),
            [.. benchmark.Value.EnumerateObject().Select((measure, index) => Metric(measure) with { Primary = index == 0 })],
                benchmark.Value);
    }

    static MetricValue Metric(JsonProperty measure)
    {
        var value = measure.Value.NumberOrNull("value").Needed(Tool, $"value of '{measure.Name}'");
        var (unit, direction) = measure.Name switch
        {
            "latency" => ("ns", Direction.Lower), "throughput" => ("1/s", Direction.Higher), _ => ("", Direction.Neutral),
        };
        var (low, high) = (measure.Value.NumberOrNull("lower_value"), measure.Value.NumberOrNull("upper_value"));
        return new(measure.Name, 1, value, unit, direction, "")
        { Low = low, High = high, Interval = low is null && high is null ? null : "declared bounds" };
    }
}
