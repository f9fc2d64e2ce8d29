using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>The database of the site as Parquet: every run with its primary metric, and for each board every number of every run.</summary>
static class ParquetFiles
{
    public const string Runs = "data/runs.parquet";

    /// <summary>One row a run, newest first: what the browser queries. Schema <c>harness-site-runs 1</c>.</summary>
    public static Task RunsAsync(Site site, Stream stream, CancellationToken cancellation)
    {
        var runs = site.Runs;
        var primary = runs.Select(run => run.Metrics.FirstOrDefault(value => value.Primary)).ToArray();
        return Facts(new ParquetTable("harness-site-runs 1"), runs)
            .Text("metric", [.. primary.Select(value => value?.Metric)])
            .Number("value", [.. primary.Select(value => value?.Value)])
            .Number("low", [.. primary.Select(value => value?.Low)])
            .Number("high", [.. primary.Select(value => value?.High)])
            .Text("unit", [.. primary.Select(value => value is null ? null : Quantities.Shown(value.Metric, value.Unit))])
            .Number("latency_p50_s", Values(runs, "latency.p50"))
            .Number("memory_peak_bytes", Values(runs, "memory.peak"))
            .Number("parameters", Values(runs, "model.parameters"))
            .Text("page", [.. runs.Select(run => Location.Run(run.RunId))])
            .WriteAsync(stream, cancellation);
    }

    /// <summary>One row a number: every metric of every run of a board, replaced and limited runs included. Schema <c>harness-site-metrics
    /// 1</c>.</summary>
    public static Task BoardAsync(Board board, Stream stream, CancellationToken cancellation)
    {
        var pairs = board.All.SelectMany(row => row.Every).SelectMany(run => run.Metrics.Select(value => (Run: run, Value: value)))
            .ToArray();
        return Facts(new ParquetTable("harness-site-metrics 1"), [.. pairs.Select(pair => pair.Run)])
            .Text("metric", [.. pairs.Select(pair => pair.Value.Metric)])
            .Number("version", [.. pairs.Select(pair => (int?)pair.Value.Version)])
            .Number("value", [.. pairs.Select(pair => (double?)pair.Value.Value)])
            .Text("unit", [.. pairs.Select(pair => pair.Value.Unit)])
            .Text("direction", [.. pairs.Select(pair => pair.Value.Direction.ToString().ToLowerInvariant())])
            .Text("source", [.. pairs.Select(pair => pair.Value.Source)])
            .Number("samples", [.. pairs.Select(pair => pair.Value.Samples)])
            .Number("low", [.. pairs.Select(pair => pair.Value.Low)])
            .Number("high", [.. pairs.Select(pair => pair.Value.High)])
            .Text("interval", [.. pairs.Select(pair => pair.Value.Interval)])
            .Text("energy_tier", [.. pairs.Select(pair => pair.Value.EnergyTier)])
            .WriteAsync(stream, cancellation);
    }

    static ParquetTable Facts(ParquetTable table, IReadOnlyList<RunRecord> runs) => table
        .Text("run", [.. runs.Select(run => run.RunId)])
        .Text("suite", [.. runs.Select(run => run.Trial.Suite)])
        .Text("benchmark", [.. runs.Select(run => run.Trial.Benchmark)])
        .Text("protocol", [.. runs.Select(run => run.Trial.Protocol)])
        .Text("family", [.. runs.Select(run => run.Trial.Family)])
        .Text("configuration", [.. runs.Select(run => run.Trial.Configuration.GetRawText())])
        .Number("seed", [.. runs.Select(run => (int?)run.Trial.Seed)])
        .Text("device", [.. runs.Select(run => run.Device.Id)])
        .Number("threads", [.. runs.Select(run => (int?)run.Trial.Threads)])
        .Number("limit", [.. runs.Select(run => run.Trial.Limit)])
        .Text("state", [.. runs.Select(run => Words.Of(run.State))])
        .Text("reason", [.. runs.Select(run => run.Reason)])
        .Text("session", [.. runs.Select(run => run.Provenance.Session)])
        .Text("commit", [.. runs.Select(run => run.Provenance.Commit)])
        .Number("dirty", [.. runs.Select(run => (bool?)run.Provenance.Dirty)])
        .Text("started", [.. runs.Select(run => Words.Instant(run.Started))]);

    static double?[] Values(IReadOnlyList<RunRecord> runs, string metric) =>
        [.. runs.Select(run => run.Metrics.FirstOrDefault(value => value.Metric == metric)?.Value)];
}
