using CsvHelper;

namespace Harness.Results.Exchange;

/// <summary>CSV (RFC 4180) with one line per number; a failed run without numbers is a line with its reason.</summary>
static class CsvExport
{
    static readonly string[] Columns =
    [
        "run_id", "state", "state_reason", "started_at", "purpose", "suite", "benchmark", "protocol", "family", "configuration", "seed",
        "limit", "device", "device_class", "threads", "commit", "metric", "version", "value", "unit", "direction", "n", "ci_low", "ci_high",
        "ci_method", "source", "energy_tier", "primary",
    ];

    public static void Write(IEnumerable<RunRecord> runs, TextWriter text)
    {
        var options = CsvWriterOptions.Default with { NewLine = "\n", Injection = CsvInjection.None };
        using var csv = CsvWriter.Create(text, options, leaveOpen: true);
        csv.WriteHeader(Columns);
        foreach (var run in runs)
        {
            var metrics = run.Metrics.Count > 0 ? run.Metrics.Select(metric => (MetricValue?)metric) : [null];
            foreach (var metric in metrics)
            {
                foreach (var field in Fields(run).Concat(Fields(metric))) csv.WriteField(field ?? "");
                csv.EndRecord();
            }
        }
        csv.Flush();
    }

    static IEnumerable<string?> Fields(RunRecord run) =>
    [
        run.RunId, Words.Of(run.State), run.Reason, $"{run.Started.UtcDateTime:O}", run.Provenance.Purpose, run.Trial.Suite,
        run.Trial.Benchmark, run.Trial.Protocol, run.Trial.Family, CanonicalJson.Write(run.Trial.Configuration), $"{run.Trial.Seed}",
        $"{run.Trial.Limit}", run.Device.Id, run.Device.Class, $"{run.Trial.Threads}", run.Provenance.Commit,
    ];

    static IEnumerable<string?> Fields(MetricValue? metric) => metric is null ? Enumerable.Repeat<string?>("", Columns.Length - 16) :
    [
        metric.Metric, $"{metric.Version}", $"{metric.Value:R}", metric.Unit, Words.Of(metric.Direction), $"{metric.Samples}",
        $"{metric.Low:R}", $"{metric.High:R}", metric.Interval, metric.Source, metric.EnergyTier, metric.Primary ? "true" : "false",
    ];
}
