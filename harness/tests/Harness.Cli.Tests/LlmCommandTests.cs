using System.Text.Json;

namespace Harness.Cli.Tests;

public sealed class LlmCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    string Model => Path.Combine(_harness.Folder.FullName, "model.gguf");

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_bench_writes_what_llama_bench_writes_and_it_imports_as_such()
    {
        await MakeModel();
        var bench = await _harness.RunHere("llm", "bench", "-m", Model, "-p", "16", "-n", "4,8", "-t", "1", "-r", "2", "-o", "json");
        Assert.True(bench.Code == ExitCodes.Ok, $"{bench}");
        var rows = JsonElement.Parse(bench.Data).EnumerateArray().ToList();
        Assert.Equal([(16, 0), (0, 4), (0, 8)], rows.Select(row => (row.GetProperty("n_prompt").GetInt32(),
            row.GetProperty("n_gen").GetInt32())));
        Assert.All(rows, row => Assert.Equal(2, row.GetProperty("samples_ns").GetArrayLength()));
        Assert.All(rows, row => Assert.Contains("Q8_0 random-weights", row.GetProperty("model_type").GetString(),
            StringComparison.Ordinal));
        Assert.Equal(8, rows[2].GetProperty("emitted").GetArrayLength());
        Assert.True(rows[2].GetProperty("token_p50_ns").GetDouble() > 0);
        var imported = await _harness.RunHere("import", _harness.Write("bench.json", bench.Data), "--from", "llama-bench");
        Assert.True(imported.Code == ExitCodes.Ok, $"{imported}");
        Assert.Equal(3, _harness.StoredRuns);
    }

    [Fact]
    public async Task A_model_packed_anew_is_smaller()
    {
        await MakeModel();
        var smaller = Path.Combine(_harness.Folder.FullName, "smaller.gguf");
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere("llm", "convert", Model, smaller, "--type", "Q4_0")).Code);
        Assert.True(new FileInfo(smaller).Length < new FileInfo(Model).Length);
    }

    [Fact]
    public async Task Neurons_are_streamed_from_a_file_of_their_own()
    {
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere("llm", "random", Model, "--width", "128", "--hidden", "512", "--layers", "2",
            "--heads", "4", "--key-heads", "2", "--vocabulary", "300", "--context", "64", "--open", "0.1")).Code);
        var neurons = Path.Combine(_harness.Folder.FullName, "neurons.gguf");
        var offload = await _harness.RunHere("llm", "offload", Model, neurons, "--rank", "40", "--json");
        SkipWithoutDirectReads(offload);
        Assert.True(offload.Code == ExitCodes.Ok, $"{offload}");
        Assert.Equal(2, JsonElement.Parse(offload.Data).GetArrayLength());
        var bench = await _harness.RunHere("llm", "bench", "-m", Model, "--neurons", neurons, "-p", "0", "-n", "8", "-r", "1", "-t", "1",
            "--temp", "1", "-o", "json");
        SkipWithoutDirectReads(bench);
        Assert.True(bench.Code == ExitCodes.Ok, $"{bench}");
        var row = JsonElement.Parse(bench.Data)[0];
        long Of(string name) => row.GetProperty(name).GetInt64();
        // One token before, eight made.
        Assert.Equal((9, 9 * 2 * 512), (Of("neuron_tokens"), Of("neurons")));
        Assert.InRange(Of("neuron_reads"), 0, 2 * 512 / 4); // those that stay, four fifths, were there before
        Assert.InRange(Of("neurons_asked"), Of("neurons_open"), Of("neurons") / 2);
        Assert.Equal((1, 0.95), (row.GetProperty("temperature").GetDouble(), row.GetProperty("fixed_share").GetDouble()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("memory_cap_bytes").ValueKind);
    }

    static void SkipWithoutDirectReads(Outcome outcome)
    {
        if (outcome.Messages.Contains("O_DIRECT", StringComparison.Ordinal))
            Assert.Skip("the folder of temporary files has no direct reads");
    }

    [Fact]
    public async Task A_model_larger_than_the_cap_is_read_again_for_every_token()
    {
        const long Cap = 150_000_000;
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere("llm", "random", Model, "--width", "1024", "--hidden", "8192", "--layers", "8",
            "--heads", "8", "--key-heads", "2", "--vocabulary", "300")).Code);
        string[] flags = ["llm", "bench", "-m", Model, "-p", "0", "-n", "3", "-r", "1", "--no-warmup", "-o", "json", "--memory-cap"];
        if (new DriveInfo(_harness.Folder.FullName).DriveFormat == "tmpfs") Assert.Skip("temporary files lie in memory here");
        var capped = await _harness.Run([.. flags, "150MB"]);
        if (capped.Messages.Contains("Memory cannot be capped", StringComparison.Ordinal)) Assert.Skip(capped.Messages);
        Assert.True(capped.Code == ExitCodes.Ok, $"{capped}");
        var (row, size) = (JsonElement.Parse(capped.Data)[0], new FileInfo(Model).Length);
        Assert.Equal(Cap, row.GetProperty("memory_cap_bytes").GetInt64());
        Assert.InRange(row.GetProperty("memory_peak_bytes").GetInt64(), Cap / 2, Cap);
        Assert.True(size > Cap, $"{size}");
        Assert.True(row.GetProperty("device_read_bytes").GetInt64() > 2 * size, capped.Data);
        var roomy = JsonElement.Parse((await _harness.Run([.. flags, "300%"])).Data)[0];
        Assert.InRange(roomy.GetProperty("device_read_bytes").GetInt64(), size / 2, size + (16 << 20));
    }

    [Theory]
    [InlineData("--memory-cap is 'much'; allowed are a number and a unit", "--memory-cap", "much")]
    [InlineData("There is no file", "--neurons", "missing.gguf")]
    [InlineData("--memory-cap is '-5%'; allowed are", "--memory-cap=-5%")]
    public async Task A_cap_or_neurons_that_are_not_possible_are_said(string problem, params string[] flags)
    {
        await MakeModel();
        var outcome = await _harness.RunHere(["llm", "bench", "-m", Model, .. flags]);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains(problem, outcome.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is nothing to time", "-p", "0", "-n", "0")]
    [InlineData("-p is '1;2'; allowed are whole numbers", "-p", "1;2")]
    [InlineData("0 repetitions measure nothing", "-r", "0")]
    [InlineData("0 threads cannot compute", "-t", "0", "-p", "8", "-n", "0")]
    public async Task What_cannot_be_timed_is_said(string problem, params string[] flags)
    {
        await MakeModel();
        var outcome = await _harness.RunHere(["llm", "bench", "-m", Model, .. flags]);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains(problem, outcome.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlperf.90.00_percentile_latency", "single-stream")]
    [InlineData("mlperf.samples_per_second", "offline")]
    [InlineData("mlperf.completed_samples_per_second", "server", "--rate", "400", "--latency", "60000")]
    public async Task A_load_writes_a_log_that_imports_as_one_of_mlperf(string metric, string scenario, params string[] flags)
    {
        await MakeModel();
        string[] load = ["llm", "load", "-m", Model, "--scenario", scenario, "-q", "700", "-p", "3", "-n", "2", "-t", "1"];
        var log = await _harness.RunHere([.. load, .. flags, "-o", "mllog"]);
        Assert.True(log.Code == ExitCodes.Ok, $"{log}");
        var imported = await _harness.RunHere("import", _harness.Write("load.log", log.Data), "--from", "mlperf");
        Assert.True(imported.Code == ExitCodes.Ok, $"{imported}");
        var shown = await _harness.RunHere("show", "latest", "--json");
        Assert.Contains(metric, shown.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A server is held to a bound", "--scenario", "server")]
    [InlineData("are of --scenario server; leave them out here", "--latency", "5")]
    [InlineData("Queries come to a server at -1 a second", "--scenario", "server", "--latency", "5", "--rate", "-1")]
    [InlineData("A load of 0 queries", "-q", "0")]
    public async Task A_load_that_cannot_be_is_refused(string problem, params string[] flags)
    {
        await MakeModel();
        var outcome = await _harness.RunHere(["llm", "load", "-m", Model, .. flags]);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains(problem, outcome.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantizations_are_scored_side_by_side_and_layer_by_layer()
    {
        await MakeModel();
        var text = _harness.Write("text.txt", string.Concat(Enumerable.Repeat("A text that both calibrates and judges. ", 8)));
        string[] quantize = ["llm", "quantize", Model, "--text", text, "--calibration", text, "--bits", "2,8", "--method", "nearest,gptq"];
        var table = await _harness.RunHere([.. quantize, "--json"]);
        Assert.True(table.Code == ExitCodes.Ok, $"{table}");
        var reports = JsonElement.Parse(table.Data).EnumerateArray().Select(row => row.GetProperty("report")).ToList();
        Assert.Equal(5, reports.Count);
        var (full, two, eight) = (reports[0], reports[1], reports[3]);
        Assert.InRange(eight.GetProperty("perplexity").GetDouble() / full.GetProperty("perplexity").GetDouble(), 0.99, 1.01);
        Assert.True(two.GetProperty("bytesPerToken").GetInt64() < eight.GetProperty("bytesPerToken").GetInt64());
        double Noise(JsonElement report) => report.GetProperty("layers").EnumerateArray().Average(layer =>
            layer.GetProperty("signalToNoise").GetDouble());
        Assert.True(Noise(eight) > Noise(two) + 20);
        var layers = await _harness.RunHere([.. quantize, "--layers"]);
        Assert.Equal(4 * 7, layers.Data.Split('\n').Count(line => line.Contains("blk.0.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--method is 'best'; allowed are nearest, gptq", "--method", "best")]
    [InlineData("--bits is 'few'; give whole numbers", "--bits", "few")]
    [InlineData("The field Bits must be between 2 and 8", "--bits", "9")]
    [InlineData("there are no calibration texts", "--method", "gptq")]
    public async Task A_quantization_that_cannot_be_is_refused(string problem, params string[] flags)
    {
        await MakeModel();
        var outcome = await _harness.RunHere(["llm", "quantize", Model, "--text", _harness.Write("text.txt", "some words"), .. flags]);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains(problem, outcome.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_named() =>
        Assert.Contains("There is no model", (await _harness.RunHere("llm", "bench", "-m", "none.gguf")).Messages,
            StringComparison.Ordinal);

    async Task MakeModel()
    {
        var made = await _harness.RunHere("llm", "random", Model, "--width", "64", "--hidden", "96", "--layers", "1", "--heads", "4",
            "--key-heads", "2", "--vocabulary", "300", "--context", "64");
        Assert.True(made.Code == ExitCodes.Ok, $"{made}");
    }
}
