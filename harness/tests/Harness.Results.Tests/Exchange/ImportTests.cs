using System.Text;
using System.Text.Json;
using Harness.Results.Exchange;

namespace Harness.Results.Tests.Exchange;

/// <summary>The fixtures have the structure of real outputs of the tools; their numbers are made up.</summary>
public sealed class ImportTests : StoreTest
{
    static readonly ImportOrigin Origin =
        new("results.json", Example.Start, new("0.1.0", "a16b1fd", false, "harness import", "", "", ""));

    static string Text(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "imports", file));

    static IReadOnlyList<ImportedRun> Import(string tool, string file, ImportNames? names = null) =>
        Results.Import.Read(tool, Text(file), names ?? new(), Origin);

    static MetricValue Metric(ImportedRun imported, string name) => imported.Run.Metrics.Single(metric => metric.Metric == name);

    [Fact]
    public void A_test_of_llama_bench_is_a_run_with_its_speed_settings_and_repetitions()
    {
        var runs = Import("llama-bench", "llama-bench.json");
        Assert.Equal(["pp512@0", "tg128.d256@0"], runs.Select(run => run.Run.Trial.Protocol));
        var (run, speed) = (runs[0].Run, Metric(runs[0], "llm.prefill_tps"));
        Assert.Equal((2564.102564, "tokens/s", Direction.Higher, 3, true),
            (speed.Value, speed.Unit, speed.Direction, speed.Samples, speed.Primary));
        Assert.Equal(256.02, Metric(runs[1], "llm.decode_tps").Value);
        Assert.Equal(0.2, Metric(runs[0], "time.test").Value, 12);
        Assert.Equal(("llama 15M Q4_0@0", 4, "Example CPU 8-Core"), (run.Trial.Family, run.Trial.Threads, run.Device.Processor));
        Assert.Equal((24407712L, 19077344L), (run.Footprint!.Parameters, run.Footprint.Bytes));
        Assert.Equal([190000000L, 200000000L, 210000000L], run.Timings.Select(timing => timing.Nanoseconds));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 15, 0, TimeSpan.Zero), run.Started);
        Assert.Equal("f16", run.Trial.Configuration.GetProperty("type_k").GetString());
        Assert.Equal("llama-bench 6123 (0f1e2d3c)", run.Provenance.Plan);
    }

    [Fact]
    public void Lines_of_llama_bench_read_like_its_list()
    {
        var lines = string.Join('\n',
            JsonElement.Parse(Text("llama-bench.json")).EnumerateArray().Select(row => JsonSerializer.Serialize(row)));
        var runs = Results.Import.Read("llama-bench", lines, new(), Origin);
        Assert.Equal(Import("llama-bench", "llama-bench.json").Select(run => CanonicalJson.Write(run.Run.Metrics)),
            runs.Select(run => CanonicalJson.Write(run.Run.Metrics)));
    }

    [Fact]
    public void A_task_of_lm_eval_has_its_version_and_an_interval_from_its_standard_error()
    {
        var runs = Import("lm-eval", "lm-eval.json");
        Assert.Equal(["arc_easy@1.0", "wikitext@2.0"], runs.Select(run => run.Run.Trial.Protocol));
        var accuracy = Metric(runs[0], "lm-eval.acc.none");
        Assert.Equal((0.5725, Direction.Higher, 2376, true), (accuracy.Value, accuracy.Direction, accuracy.Samples, accuracy.Primary));
        // 0.5725 ± 1.959963984540054 · 0.0101
        Assert.Equal(0.5527043637561455, accuracy.Low!.Value, 12);
        Assert.Equal(0.5922956362438545, accuracy.High!.Value, 12);
        var perplexity = Assert.Single(runs[1].Run.Metrics);
        Assert.Equal((37.37, Direction.Lower, (double?)null), (perplexity.Value, perplexity.Direction, perplexity.Low));
        Assert.Equal(("example/tiny-160m@0", 7, "lm-eval 0.4.9"),
            (runs[0].Run.Trial.Family, runs[0].Run.Trial.Seed, runs[0].Run.Provenance.Plan));
        Assert.Equal(100.25, (runs[0].Run.Ended - runs[0].Run.Started).TotalSeconds, 6);
    }

    [Fact]
    public void A_case_of_benchmarkdotnet_has_seconds_an_interval_and_its_measurements()
    {
        var runs = Import("benchmarkdotnet", "benchmarkdotnet.json");
        var mean = Metric(runs[0], "time.mean");
        Assert.Equal(1.51e-6, mean.Value, 15);
        Assert.Equal((1327.6e-9, 1692.4e-9, 3), (Math.Round(mean.Low!.Value, 15), Math.Round(mean.High!.Value, 15), mean.Samples!.Value));
        Assert.Equal(48, Metric(runs[0], "memory.allocated").Value);
        Assert.Equal([new Timed("warmup", 1024, 1600000), new Timed("actual", 1024, 1546240)], runs[0].Run.Timings);
        Assert.Equal((RunState.Failed, "Kernels.Broken@0"), (runs[1].Run.State, runs[1].Run.Trial.Family));
        Assert.Empty(runs[1].Run.Metrics);
    }

    [Fact]
    public void A_training_log_of_mlperf_is_timed_from_run_start_to_run_stop()
    {
        var run = Assert.Single(Import("mlperf", "mlperf-training.log"));
        Assert.Equal(600.5, Metric(run, "mlperf.time_to_train").Value, 9);
        Assert.Equal(0.7591, Metric(run, "mlperf.eval_accuracy").Value);
        Assert.Equal(("resnet@0", 42, RunState.Ok, "example-8x"),
            (run.Run.Trial.Family, run.Run.Trial.Seed, run.Run.State, run.Run.Device.Id));
        Assert.Equal(2048, run.Run.Trial.Configuration.GetProperty("global_batch_size").GetInt32());
        var cut = Text("mlperf-training.log").Split('\n').Where(line => !line.Contains("run_stop", StringComparison.Ordinal));
        Assert.Equal(RunState.Partial, Results.Import.Read("mlperf", string.Join('\n', cut), new(), Origin).Single().Run.State);
    }

    [Fact]
    public void A_loadgen_log_of_mlperf_that_is_invalid_says_so()
    {
        var run = Assert.Single(Import("mlperf", "mlperf-loadgen.log"));
        Assert.Equal((RunState.Invalid, "ExampleSUT@0", "SingleStream@0"), (run.Run.State, run.Run.Trial.Family, run.Run.Trial.Protocol));
        var latency = Metric(run, "mlperf.90.00_percentile_latency");
        Assert.Equal((2.5e-3, "s", true), (Math.Round(latency.Value, 12), latency.Unit, latency.Primary));
    }

    [Fact]
    public void A_printed_dictionary_of_neurobench_is_read_with_the_names_it_lacks()
    {
        var run = Assert.Single(Import("neurobench", "neurobench.txt", new("EventMLP", "dvs_gesture")));
        Assert.Equal(9227011.575757576, Metric(run, "neurobench.synaptic_operations.Effective_MACs").Value);
        Assert.True(Metric(run, "neurobench.classification_accuracy").Primary);
        Assert.Equal((304828.0, "B"), (Metric(run, "neurobench.footprint").Value, Metric(run, "neurobench.footprint").Unit));
        Assert.Contains("--task", Assert.Throws<HarnessException>(() => Import("neurobench", "neurobench.txt")).Message);
    }

    [Fact]
    public void A_grid_of_asv_is_one_run_per_combination_and_a_missing_value_is_a_failure()
    {
        var runs = Import("asv", "asv.json");
        Assert.Equal(6, runs.Count);
        var sort = Metric(runs[0], "asv.result");
        Assert.Equal((4.75e-07, 4.7e-07, 4.8e-07, "s"), (sort.Value, sort.Low!.Value, sort.High!.Value, sort.Unit));
        var grid = runs.Where(run => run.Run.Trial.Protocol == "bench.Grid.time_step@0").ToList();
        Assert.Equal(["""["10","'fast'"]""", """["10","'safe'"]""", """["20","'fast'"]""", """["20","'safe'"]"""],
            grid.Select(run => run.Run.Trial.Configuration.GetProperty("parameters").GetRawText().Replace("\\u0027", "'")));
        Assert.Equal([RunState.Ok, RunState.Ok, RunState.Failed, RunState.Failed], grid.Select(run => run.Run.State));
        Assert.Null(Metric(grid[0], "asv.result").Low);
        Assert.Equal(0.19, Metric(grid[1], "asv.result").Low);
        Assert.Equal(("B", "bench-1", 8), (Metric(runs[5], "asv.result").Unit, runs[5].Run.Device.Id, runs[5].Run.Device.Cores));
    }

    [Fact]
    public void Measures_of_bencher_keep_their_names_and_bounds()
    {
        var runs = Import("bmf", "bmf.json");
        Assert.Equal(["kernels::dense@0", "my_binary @ release"], runs.Select(run => run.Run.Trial.Family));
        Assert.Equal((88.0, 87.42, 88.88, "ns"), (Metric(runs[0], "latency").Value, Metric(runs[0], "latency").Low!.Value,
            Metric(runs[0], "latency").High!.Value, Metric(runs[0], "latency").Unit));
        Assert.Equal(Direction.Neutral, Metric(runs[1], "file-size").Direction);
    }

    public static TheoryData<string, string> Files => new()
    {
        { "llama-bench", "llama-bench.json" }, { "lm-eval", "lm-eval.json" }, { "benchmarkdotnet", "benchmarkdotnet.json" },
        { "mlperf", "mlperf-training.log" }, { "mlperf", "mlperf-loadgen.log" }, { "neurobench", "neurobench.txt" }, { "asv", "asv.json" },
        { "bmf", "bmf.json" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Whatever_is_imported_is_declared_stored_verified_kept_in_its_own_words_and_never_ranked(string tool, string file)
    {
        var runs = Import(tool, file, new("model", "task"));
        using (var store = await OpenAsync())
            foreach (var (run, source) in runs)
                await store.AppendAsync(run, new Dictionary<string, byte[]> { [Results.Import.SourceFile] = source }, Cancellation);
        Assert.Empty(await VerifyAsync());
        Assert.All(await ReadAsync(), run => Assert.All(run.Metrics, metric => Assert.Equal("declared", metric.Source)));
        Assert.Equal(runs.Select(run => Example.Text(run.Run)).Order(), (await ReadAsync()).Select(Example.Text).Order());
        using var reader = ResultStore.OpenForReading(Folder);
        var source0 = await reader.AttachmentOrNullAsync(runs[0].Run.RunId, Results.Import.SourceFile, Cancellation);
        var entry = JsonElement.Parse(Encoding.UTF8.GetString(source0!));
        Assert.Equal((tool, "results.json"), (entry.GetProperty("tool").GetString(), entry.GetProperty("file").GetString()));
        Assert.NotEqual(JsonValueKind.Null, entry.GetProperty("entry").ValueKind);
        var ranked = await ResultQuery.RunAsync([Folder], "SELECT count(*) FROM leaderboard", null, Cancellation);
        Assert.Equal<object?>([0L], ranked.Rows[0]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_same_file_gives_the_same_run_ids(string tool, string file)
    {
        var names = new ImportNames("model", "task");
        var ids = Import(tool, file, names).Select(run => run.Run.RunId).ToList();
        var later = Results.Import.Read(tool, Text(file), names, Origin with { At = Origin.At.AddDays(1), File = "copy.json" });
        Assert.Equal(ids, later.Select(run => run.Run.RunId));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{26}$", id));
    }

    [Theory]
    [InlineData("llama-bench", "[{\"n_prompt\": 1}]", "avg_ts")]
    [InlineData("llama-bench", "[{", "JSON")]
    [InlineData("lm-eval", "{}", "results")]
    [InlineData("benchmarkdotnet", "{\"Benchmarks\": [{\"Type\": \"A\"}]}", "Method")]
    [InlineData("mlperf", "nothing here", "holds no results")]
    [InlineData("neurobench", "[1]", "dictionary")]
    [InlineData("asv", "{\"results\": {}}", "result_columns")]
    [InlineData("bmf", "{\"a\": {\"b\": {}}}", "value of 'b'")]
    [InlineData("bmf", "{\"a\": 1}", "'a'")]
    [InlineData("hyperfine", "{}", "llama-bench, lm-eval, benchmarkdotnet, mlperf, neurobench, asv, bmf")]
    public void A_file_of_another_kind_is_refused_with_what_it_lacks(string tool, string text, string expected) => Assert.Contains(expected,
        Assert.Throws<HarnessException>(() => Results.Import.Read(tool, text, new("model", "task"), Origin)).Message);

    [Theory]
    [InlineData("""{'a': 'it\'s "here"', 'b': (1, 2.), 'c': -inf}""", """{"a":"it's \"here\"","b":[1,2],"c":null}""")]
    [InlineData("""{"x": [NaN, Infinity, -Infinity, 1e999, True, None], "e": "NaN"}""",
        """{"x":[null,null,null,null,true,null],"e":"NaN"}""")]
    [InlineData("""["\u00b5", "a\\\"b", 1E-3]""", """["µ","a\\\"b",1E-3]""")]
    public void What_python_writes_is_read(string text, string expected) =>
        Assert.Equal(CanonicalJson.Write(JsonElement.Parse(expected)), CanonicalJson.Write(LooseJson.Parse(text, "text")));
}
