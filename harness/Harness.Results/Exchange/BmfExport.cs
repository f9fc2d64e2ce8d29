using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>Bencher Metric Format. Results of one benchmark that came from several files are joined.</summary>
static class BmfExport
{
    public static void Write(IEnumerable<RunRecord> runs, TextWriter text)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = CanonicalJson.Options.Encoder }))
        {
            json.WriteStartObject();
            foreach (var benchmark in Export.Newest(runs).GroupBy(Export.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(benchmark.Key);
                foreach (var metric in benchmark.OrderBy(run => run.Started).SelectMany(run => run.Metrics).GroupBy(metric =>
                    metric.Metric))
                    Write(json, metric.Last());
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        text.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    static void Write(Utf8JsonWriter json, MetricValue metric)
    {
        json.WriteStartObject(metric.Metric);
        json.WriteNumber("value", metric.Value);
        if (metric.Low is { } low) json.WriteNumber("lower_value", low);
        if (metric.High is { } high) json.WriteNumber("upper_value", high);
        json.WriteEndObject();
    }
}
