using System.Text;
using Harness.Results.Storage;
using Harness.Results.Tables;

namespace Harness.Results.Tests.Storage;

/// <summary>Fixtures/store-1.0 was written by the harness before layout 1.1: unsigned, without hashes of targets, without an
/// index.</summary>
public sealed class EvolutionTests : StoreTest
{
    void CopyOldStore()
    {
        var old = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "Fixtures", "store-1.0"));
        foreach (var file in old.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var copy = PathOf(Path.GetRelativePath(old.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }
    }

    [Fact]
    public async Task An_old_store_is_read_and_verified_as_it_is()
    {
        CopyOldStore();
        RunRecord[] written =
        [
            Example.Run(0), Example.Run(1, samples: 7),
            Example.Run(2, samples: 0) with { State = RunState.Failed, Reason = "diverged at epoch 3", Timings = [], Metrics = [] },
        ];
        var expected = written.Select(run => run with { Traces = [] }); // telemetry came with layout 1.3
        Assert.Equal(expected.Select(Example.Text), (await ReadAsync()).Select(Example.Text));
        Assert.Empty(await VerifyAsync());
        Assert.Equal("results-schema 1.0\n", await File.ReadAllTextAsync(PathOf("SCHEMA"), Cancellation));
    }

    [Fact]
    public async Task An_old_store_goes_on_in_the_new_layout_and_gets_an_index()
    {
        CopyOldStore();
        await AppendAsync(Example.Run(3));
        Assert.Equal("results-schema 1.3\n", await File.ReadAllTextAsync(PathOf("SCHEMA"), Cancellation));
        Assert.Equal(4, (await ReadAsync(new(Suite: "vision"))).Count);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task A_store_of_a_newer_minor_layout_is_read_but_not_written()
    {
        await AppendAsync(Example.Run(0));
        await File.WriteAllTextAsync(PathOf("SCHEMA"), "results-schema 1.9\n", Cancellation);
        Assert.Single(await ReadAsync());
        Assert.Contains("1.9", (await Assert.ThrowsAsync<HarnessException>(() => OpenAsync())).Message);
    }

    [Fact]
    public async Task Members_and_chain_lines_that_a_newer_harness_added_are_passed_over_and_still_verified()
    {
        await AppendAsync(Example.Run(0));
        var envelope = Path.Combine(OnlyRun(), "run.json");
        var text = await File.ReadAllTextAsync(envelope, Cancellation);
        var newer = "{\"ambient\":{\"celsius\":21.5}," + text[1..].Replace("\"unit\":\"s\"", "\"subset\":\"all\",\"unit\":\"s\"");
        await File.WriteAllTextAsync(envelope, newer, Cancellation);
        var list = $"{RunFiles.Hash(Encoding.UTF8.GetBytes(newer))}  run.json\n";
        var others = await File.ReadAllLinesAsync(Path.Combine(OnlyRun(), "artifacts.sha256"), Cancellation);
        list += string.Concat(others.Where(line => !line.EndsWith(" run.json")).Select(line => line + "\n"));
        await File.WriteAllTextAsync(Path.Combine(OnlyRun(), "artifacts.sha256"), list, Cancellation);
        await File.WriteAllTextAsync(PathOf("note.txt"), "new kind of file", Cancellation);
        await WriteChainAsync(newer, list);
        Directory.Delete(PathOf("index"), recursive: true);
        Assert.Equal(Example.Text(Example.Run(0)), Example.Text(Assert.Single(await ReadAsync())));
        Assert.Empty(await VerifyAsync());
    }

    async Task WriteChainAsync(string envelope, string list)
    {
        var entry = Chain.Read(Folder.FullName).Single().Entry! with
        { RunHash = RunFiles.Hash(Encoding.UTF8.GetBytes(envelope)), Artifacts = RunFiles.Hash(Encoding.UTF8.GetBytes(list)) };
        var first = CanonicalJson.Write(entry)[..^1] + ",\"weather\":\"fair\"}";
        var second = CanonicalJson.Write(new ChainEntry(Chain.Link(first), "n1", RunFiles.Hash("new kind of file"u8.ToArray()), "",
            "note.txt",
            Example.Start) { Kind = "weather_report" });
        await File.WriteAllTextAsync(PathOf("chain.log"), $"{first}\n{second}\n", Cancellation);
    }

    [Fact]
    public async Task A_sample_table_with_columns_of_a_newer_harness_is_read()
    {
        Column[] columns =
        [
            Column.Of("sample", [0, 1]), Column.Of("latency_ns", new long?[] { 1200, null }), Column.Of("target", ["3", "4"]),
            Column.Of("answer", ["3", "9"]), Column.Of("correct", new bool?[] { true, false }),
            Column.Of("prediction", ["{\"label\":3}", "{\"label\":9}"]),
        ];
        var bytes = await Table.WriteAsync(columns, new() { ["schema"] = "samples 1.9" }, Parquet.CompressionMethod.Zstd, Cancellation);
        var rows = await SampleTable.ReadAsync(bytes, Cancellation);
        Assert.Equal([(0, "3", true), (1, "4", false)], rows.Select(row => (row.Sample, row.Target, row.Correct!.Value)));
        Assert.Equal("{\"label\":9}", rows[1].Prediction.GetRawText());
    }
}
