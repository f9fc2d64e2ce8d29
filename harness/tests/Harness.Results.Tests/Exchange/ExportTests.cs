using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsvHelper;

namespace Harness.Results.Tests.Exchange;

public sealed partial class ExportTests : StoreTest
{
    static readonly ImportOrigin Origin = new("bmf.json", Example.Start, new("0.1.0", "a16b1fd", false, "harness import", "", "", ""));

    static string Written(Action<IEnumerable<RunRecord>, TextWriter> export, params RunRecord[] runs)
    {
        using var text = new StringWriter();
        export(runs, text);
        return text.ToString();
    }

    static RunRecord Failed => Example.Run(2, samples: 0) with { State = RunState.Failed, Reason = "line 1,\n\"line\" 2", Metrics = [] };

    [Fact]
    public void Csv_comes_back_with_every_number_exactly()
    {
        var run = Example.Run(1);
        run = run with { Metrics =
            [.. run.Metrics, new("energy", 2, 1.0 / 3, "J/sample", Direction.Lower, "derived") { EnergyTier = "E1" }] };
        using var csv = CsvReader.FromText(Written(Export.Csv, run, Failed), CsvReaderOptions.Default);
        csv.ReadHeader();
        var rows = new List<(string Run, string Metric, string Value, string Low, string Reason)>();
        while (csv.Read())
            rows.Add((csv.GetString("run_id"), csv.GetString("metric"), csv.GetString("value"), csv.GetString("ci_low"),
                csv.GetString("state_reason")));
        Assert.Equal(4, rows.Count);
        Assert.Equal(run.Metrics.Select(metric => (run.RunId, metric.Metric, metric.Value)),
            rows.Take(3).Select(row => (row.Run, row.Metric, double.Parse(row.Value, CultureInfo.InvariantCulture))));
        Assert.Equal("0.89", rows[0].Low);
        Assert.Equal(("", Failed.Reason), (rows[3].Metric, rows[3].Reason));
    }

    [Fact]
    public void Bmf_read_and_written_again_is_the_same()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "imports", "bmf.json"));
        var runs = Import.Read("bmf", text, new(), Origin).Select(imported => imported.Run).ToArray();
        var again = Written(Export.Bmf, runs);
        Assert.Equal(CanonicalJson.Write(JsonElement.Parse(text)), CanonicalJson.Write(JsonElement.Parse(again)));
    }

    [Fact]
    public void Bmf_of_our_runs_is_the_newest_of_each_benchmark_and_can_be_imported()
    {
        var old = Example.Run(1) with { RunId = Example.Id(90), Started = Example.Start.AddDays(-1), Metrics = [] };
        var text = Written(Export.Bmf, Example.Run(1), old, Example.Run(2), Failed);
        var back = Import.Read("bmf", text, new(), Origin).Select(imported => imported.Run).ToList();
        Assert.Equal(["vision/mnist@1/first-20/perceptron@2/890a3d32/seed-8/Laptop A/x86",
            "vision/mnist@1/first-20/perceptron@2/890a3d32/seed-9/Laptop A/x86"],
            back.Select(run => run.Trial.Family));
        Assert.Equal((0.901, 0.89, 0.98), (back[0].Metrics[0].Value, back[0].Metrics[0].Low, back[0].Metrics[0].High));
    }

    [Fact]
    public void Open_metrics_has_typed_families_labels_and_an_end()
    {
        var odd = Example.Run(1) with { Device = Example.Run(1).Device with { Id = "lab \"A\"\\\n1" } };
        var lines = Written(Export.OpenMetrics, Example.Run(0), odd, Failed).TrimEnd('\n').Split('\n');
        Assert.Equal("# EOF", lines[^1]);
        Assert.Contains("# TYPE harness_latency_p50_seconds gauge", lines);
        Assert.Contains("# UNIT harness_latency_p50_seconds seconds", lines);
        var samples = lines.Where(line => line[0] != '#').Select(line => Sample().Match(line)).ToList();
        Assert.All(samples, sample => Assert.True(sample.Success, sample.Value));
        Assert.Equal(8, samples.Count);
        var accuracy = samples.Where(sample => sample.Groups["name"].Value == "harness_accuracy_top1").Select(sample =>
            sample.Groups["value"].Value);
        Assert.Equal(["0.9", "0.901"], accuracy);
        Assert.Contains(samples, sample => sample.Groups["labels"].Value.Contains("""device="lab \"A\"\\\n1""", StringComparison.Ordinal));
    }

    // Metric name, label set, value and time of the OpenMetrics 1.0 grammar.
    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<labels>([a-z]+="([^"\\\n]|\\["\\n])*",?)+)\} (?<value>[-+0-9.eE]+) [\d.]+$""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();

    [Fact]
    public void A_family_of_open_metrics_is_never_split()
    {
        var names = Written(Export.OpenMetrics, Example.Run(0), Example.Run(1)).Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{')[0]).ToList();
        Assert.Equal(names.Distinct().Count(), names.Zip(names.Skip(1)).Count(pair => pair.First != pair.Second) + 1);
    }

    [Fact]
    public void Every_eval_ever_documents_hold_what_the_schema_requires_and_nothing_it_does_not_know()
    {
        var (path, json) = Assert.Single(Export.EveryEval([Example.Run(1), Failed], Example.Start));
        Assert.Equal($"data/mnist-1/vision/perceptron-2/{Example.Id(1).ToLowerInvariant()}.json", path);
        var document = JsonElement.Parse(json);
        string[] allowed =
        [
            "schema_version", "evaluation_id", "evaluation_timestamp", "retrieved_timestamp", "source_metadata",
            "eval_library", "model_info", "evaluation_results",
        ];
        Assert.Equal(allowed, document.EnumerateObject().Select(member => member.Name));
        Assert.Equal("0.3.0", document.GetProperty("schema_version").GetString());
        var result = document.GetProperty("evaluation_results")[0];
        Assert.Equal("accuracy.top1", result.GetProperty("evaluation_name").GetString());
        Assert.False(result.GetProperty("metric_config").GetProperty("lower_is_better").GetBoolean());
        Assert.Equal(0.901, result.GetProperty("score_details").GetProperty("score").GetDouble());
        var uncertainty = result.GetProperty("score_details").GetProperty("uncertainty");
        Assert.Equal(0.98, uncertainty.GetProperty("confidence_interval").GetProperty("upper").GetDouble());
        Assert.Equal("other", result.GetProperty("source_data").GetProperty("source_type").GetString());
        var latency = document.GetProperty("evaluation_results")[1].GetProperty("metric_config");
        Assert.True(latency.GetProperty("lower_is_better").GetBoolean());
        Assert.False(latency.TryGetProperty("score_type", out _));
    }

    [Fact]
    public async Task Parquet_files_hold_the_tables_of_the_index()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Failed);
        using var store = ResultStore.OpenForReading(Folder);
        var folder = new DirectoryInfo(PathOf("export"));
        await Export.ParquetAsync(store, folder, Cancellation);
        Assert.Equal(["datasets.parquet", "devices.parquet", "metrics.parquet", "runs.parquet"],
            folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        var count = await ResultQuery.RunAsync([Folder],
            $"SELECT count(*), sum(duration_s) FROM read_parquet('{folder.FullName}/runs.parquet')", null, Cancellation);
        Assert.Equal<object?>([3L, 270.0], count.Rows[0]);
        Assert.Contains("empty folder",
            (await Assert.ThrowsAsync<HarnessException>(() => Export.ParquetAsync(store, folder, Cancellation))).Message);
    }
}
