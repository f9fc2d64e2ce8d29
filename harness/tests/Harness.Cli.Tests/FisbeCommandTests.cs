using System.Text.Json;
using Harness.Datasets;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Cli.Tests;

public sealed class FisbeCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task The_ground_truth_as_prediction_is_without_fault()
    {
        var scored = await _harness.RunHere("fisbe", "score", Volume("prediction", 1), Volume("truth", 1), "--prediction-key", "labels",
            "--truth-key", "labels", "--smallest", "10", "--json");
        Assert.Equal(ExitCodes.Ok, scored.Code);
        Assert.Equal(1, JsonElement.Parse(scored.Data).GetProperty("samples")[0].GetProperty("scores").GetProperty("s").GetDouble());
    }

    [Fact]
    public async Task A_prediction_that_found_nothing_is_scored_only_when_that_is_meant()
    {
        string[] arguments = ["fisbe", "score", Volume("prediction", 0), Volume("truth", 1), "--prediction-key", "labels",
            "--truth-key", "labels"];
        var refused = await _harness.RunHere(arguments);
        Assert.NotEqual(ExitCodes.Ok, refused.Code);
        Assert.Contains("prediction.zarr/labels holds no instance of more than 800 voxels", refused.Messages, StringComparison.Ordinal);
        Assert.Contains("--allow-empty", refused.Messages, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere([.. arguments, "--allow-empty"])).Code);
    }

    string Volume(string name, byte label)
    {
        var folder = _harness.Folder.CreateSubdirectory($"{name}.zarr");
        var labels = new byte[10 * 10 * 20];
        for (var x = 2; x < 18; x++)
            for (var y = 4; y < 7; y++)
                for (var z = 4; z < 7; z++) labels[(z * 10 + y) * 20 + x] = label;
        using var volume = new ArrayVolume<byte>([10, 10, 20], labels);
        ZarrWriter.Write(folder, "labels", volume, [5, 10, 10], ZarrCodec.GzipCodec(1));
        return folder.FullName;
    }
}
