using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>The dictionary that NeuroBench's <c>Benchmark.run</c> returns, as JSON or as Python prints it. It names neither model nor
/// task.</summary>
static class NeuroBenchImport
{
    const string Tool = "neurobench";

    public static Importer Importer { get; } =
        new(Tool, "the dictionary of neurobench's Benchmark.run, printed or as JSON; give --model and --task",
        (text, names) =>
        {
            var results = LooseJson.Parse(text, "The dictionary");
            if (results.ValueKind != JsonValueKind.Object)
                throw new HarnessException($"This is no output of {Tool}: it is not a dictionary.");
            var metrics = Metrics(results).ToList();
            if (metrics.Count == 0) return [];
            var primary = Math.Max(0, metrics.FindIndex(IsAccuracy));
            metrics[primary] = metrics[primary] with { Primary = true };
            return
            [
                new(names.Task.Needed(Tool, "the task: give --task"), names.Model.Needed(Tool, "the model: give --model"),
                    new Dictionary<string, JsonElement>(), metrics, results),
            ];
        });

    static bool IsAccuracy(MetricValue metric) =>
        metric.Direction == Direction.Higher && metric.Metric.Contains("acc", StringComparison.OrdinalIgnoreCase);

    static IEnumerable<MetricValue> Metrics(JsonElement results)
    {
        foreach (var member in results.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number) yield return Metric(member.Name, member.Value.GetDouble());
            foreach (var part in results.Members(member.Name).Where(part => part.Value.ValueKind == JsonValueKind.Number))
                yield return Metric($"{member.Name}.{part.Name}", part.Value.GetDouble());
        }
    }

    static MetricValue Metric(string name, double value)
    {
        var (unit, direction) = name.Split('.')[0] switch
        {
            "footprint" or "model_size" => ("B", Direction.Lower),
            "parameter_count" => ("1", Direction.Lower),
            "synaptic_operations" or "membrane_updates" => ("1/sample", Direction.Lower),
            "connection_sparsity" or "activation_sparsity" => ("1", Direction.Higher),
            "classification_accuracy" or "COCO_mAP" or "r2" => ("1", Direction.Higher),
            "MSE" or "mse" or "sMAPE" or "smape" => ("1", Direction.Lower),
            _ => ("1", Direction.Neutral),
        };
        return new($"{Tool}.{name}", 1, value, unit, direction, "");
    }
}
