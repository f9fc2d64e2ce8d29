using System.Text.Json;
using Harness.Spiking.Nir;

namespace Harness.Cli.Tests;

public sealed class NirCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_file_is_shown_node_by_node()
    {
        var file = new FileInfo(Path.Combine(_harness.Folder.FullName, "network.nir"));
        var weights = new NirAffine(NirArray.Of([1, 2, 3, 4, 5, 6], 2, 3), NirArray.Of([0.5f, 0.25f], 2));
        NirFile.Write(NirGraph.Chain([3], [("hidden", weights)], [2]) with
        {
            Metadata = new Dictionary<string, NirValue> { ["steps"] = NirArray.Of(4) },
        }, file);
        var shown = await _harness.RunHere("nir", "show", file.FullName);
        Assert.Equal(ExitCodes.Ok, shown.Code);
        Assert.Contains("weight [2, 3] 1 to 6; bias 0.5 0.25", shown.Data, StringComparison.Ordinal);
        Assert.Contains("steps: 4", shown.Messages, StringComparison.Ordinal);
        var rows = JsonElement.Parse((await _harness.RunHere("nir", "show", file.FullName, "--json")).Data);
        Assert.Equal("Affine", rows.EnumerateArray().Single(row => row.GetProperty("node").GetString() == "hidden").GetProperty("kind")
            .GetString());
    }

    [Fact]
    public async Task A_family_without_a_graph_says_so_and_writes_nothing()
    {
        var plan = _harness.Write("blobs.yaml", """
            name: blobs
            seeds: [1]
            trials:
              - suite: clustering
                benchmark: points
                datasets: [blobs]
                families: [k-means]
            """);
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("run", "--plan", plan)).Code);
        var file = Path.Combine(_harness.Folder.FullName, "network.nir");
        var outcome = await _harness.Run("nir", "export", "latest", "--output", file);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains("k-means@1 has no NIR graph", outcome.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }
}
