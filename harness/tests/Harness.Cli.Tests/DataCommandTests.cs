using System.Text.Json;
using Harness.Datasets;

namespace Harness.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    // An empty folder stands for a machine without data; what is generated needs none.
    public DataCommandTests() =>
        _harness.Environment["HARNESS_DATA"] = Directory.CreateDirectory(Path.Combine(_harness.Folder.FullName, "data")).FullName;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Every_standard_dataset_is_listed_once()
    {
        var outcome = await _harness.Run("data", "list", "--json");
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        var listed = JsonElement.Parse(outcome.Data).EnumerateArray().Select(row => row.GetProperty("card"))
            .Select(card => $"{card.GetProperty("id").GetString()}@{card.GetProperty("version").GetInt32()}").ToList();
        Assert.Superset(StandardDatasets.All.Select(dataset => dataset.Card.Protocol).ToHashSet(), listed.ToHashSet());
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Fact]
    public async Task A_protocol_is_shown_with_all_that_decides_a_number()
    {
        var outcome = await _harness.Run("data", "show", "nordland-t2");
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        foreach (var word in new[] { "reference (learned): summer", "within 2 frames", "recall-at-1@1", "nordland-t1", "64 × 32 pixels",
                     "not published: recorded at arrival" })
            Assert.Contains(word, outcome.Data);
        Assert.Contains("has not been evaluated", outcome.Messages);
    }

    [Fact]
    public async Task An_unknown_dataset_is_a_usage_error_that_names_the_nearest()
    {
        var outcome = await _harness.Run("data", "show", "nordland-t3");
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("nordland-t", outcome.Messages);
        Assert.Equal(ExitCodes.Usage, (await _harness.Run("data", "fetch")).Code);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_size_hash_address_and_where_to_put_it()
    {
        var outcome = await _harness.Run("data", "fetch", "mnist", "--offline");
        Assert.Equal(ExitCodes.Infrastructure, outcome.Code);
        Assert.Contains("train-images-idx3-ubyte (47,040,016 bytes, md5:6bbc9ace898e44ae57da46a324031adb, https://", outcome.Messages);
        Assert.Contains("official address: offline", outcome.Messages);
        Assert.Contains($"put the decompressed file at {Path.Combine(_harness.Cache.FullName, "mnist", "train-images-idx3-ubyte")}",
            outcome.Messages);
        Assert.Equal(4, outcome.Messages.Split("To supply it by hand").Length - 1);
    }

    [Fact]
    public async Task Verification_reads_generated_sets_and_tells_missing_from_wrong()
    {
        var good = await _harness.Run("data", "verify", "blobs", "--offline", "--json");
        Assert.True(good.Code == ExitCodes.Ok, good.ToString());
        var row = JsonElement.Parse(good.Data)[0];
        Assert.Equal("generated", row.GetProperty("hashes").GetString(), ignoreCase: true);
        Assert.Equal(1500, row.GetProperty("counts").GetProperty("test").GetInt32());

        var missing = await _harness.Run("data", "verify", "stories260k", "--offline");
        Assert.Equal(ExitCodes.VerificationFailed, missing.Code);
        Assert.Contains("run: harness data fetch stories260k", missing.Data);

        var file = StandardDatasets.Models[0].Card.Files[0].Name;
        var path = Path.Combine(_harness.Cache.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "not a model", TestContext.Current.CancellationToken);
        var wrong = await _harness.Run("data", "verify", "stories260k", "--offline");
        Assert.Equal(ExitCodes.VerificationFailed, wrong.Code);
        Assert.Contains("| wrong", wrong.Data);
        Assert.Contains(file, wrong.Data);
    }

    [Fact]
    public async Task Every_evaluation_on_a_test_part_is_counted_per_family()
    {
        var plan = _harness.Write("plan.yaml", """
            name: touches
            seeds: [1, 2]
            trials:
              - suite: clustering
                benchmark: points
                datasets: [blobs]
                families:
                  - { id: k-means, with: { clusters: [4, 5], restarts: 1 } }
            """);
        var run = await _harness.Run("run", "--plan", plan);
        Assert.True(run.Code == ExitCodes.Ok, run.ToString());
        var shown = JsonElement.Parse((await _harness.Run("data", "show", "blobs", "--json")).Data);
        var touch = Assert.Single(shown.GetProperty("testTouches").EnumerateArray());
        Assert.Equal("k-means", touch.GetProperty("family").GetString());
        Assert.Equal(4, touch.GetProperty("evaluations").GetInt32());
        Assert.Equal(2, touch.GetProperty("configurations").GetInt32());
        Assert.Equal(2, touch.GetProperty("seeds").GetInt32());
    }
}
