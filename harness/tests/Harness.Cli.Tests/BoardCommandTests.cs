using System.Text.Json;
using Harness.Datasets;
using Harness.Datasets.Sources;
using Harness.Spiking.Nir;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Learning;

namespace Harness.Cli.Tests;

/// <summary>A network that is trained and exported here, on the reference and then on a simulated board.</summary>
public sealed class BoardCommandTests : IDisposable
{
    const int Samples = 200;

    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "harness");

    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_trained_and_exported_network_runs_on_a_board_and_its_agreement_with_the_reference_is_stored()
    {
        var labels = ExportOrSkip();

        await Run("reference");
        var reference = await LatestOf(_harness);
        await Run("loihi2");
        var board = await LatestOf(_harness);

        // The graph on the reference answers as the model that it was taken from; norms are folded, so a neuron may differ.
        Assert.InRange(Labels(await SamplesOf(reference)).Zip(labels).Count(pair => pair.First == pair.Second), Samples - 2, Samples);
        Assert.True(labels.Distinct().Count() > 5, "the network hardly tells classes apart, so that agreement says little");
        Assert.False(Metrics(reference).ContainsKey("equivalence.agreement"));
        var agreement = Metrics(board)["equivalence.agreement"];
        Assert.Equal(Labels(await SamplesOf(reference)).Zip(Labels(await SamplesOf(board))).Count(pair => pair.First == pair.Second),
            (int)Math.Round(agreement * Samples));
        Assert.InRange(agreement, 0.95, 1);
        Assert.True(board.GetProperty("device").GetProperty("emulated").GetBoolean());
        var layers = board.GetProperty("operations").GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal([("hidden1.lif", "device"), ("readout", "host")], layers.Select(layer => (layer.GetProperty("layer").GetString()!,
            layer.TryGetProperty("site", out var site) ? site.GetString()! : "device")));
        Assert.Equal(64 * 10, layers[1].GetProperty("macs").GetDouble(), 1e-6);
        var energy = JsonElement.Parse((await _harness.RunHere("energy", "show", "latest", "--json")).Data).EnumerateArray().ToList();
        Assert.Equal(["device", "host"], energy.Select(line => line.GetProperty("site").GetString()).Distinct());
    }

    /// <summary>Writes network.nir; the model's own answers to the first test samples.</summary>
    int[] ExportOrSkip()
    {
        Assert.SkipUnless(DataSources.FromEnvironment().Data is { } data && Directory.Exists(Path.Combine(data.FullName, "mnist")),
            "no mnist under HARNESS_DATA");
        var mnist = new Mnist();
        mnist.FetchAsync(_harness.Cache, TestContext.Current.CancellationToken).AsTask().Wait(TestContext.Current.CancellationToken);
        var context = new RunContext(1, 1, _harness.Cache, TimeProvider.System, new Progress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        var recipe = new Recipe(Epochs: 3, BatchSize: 64, LearningRate: 4e-3, WeightDecay: 0.05);
        var family = new LifMlp(Hidden: 64, Depth: 1, Training: recipe);
        using var model = family.Prepare(new([.. mnist.Read(_harness.Cache, Split.Train).Take(3000)],
            [.. mnist.Read(_harness.Cache, Split.Validation).Take(200)]), context);
        NirFile.Write(((INirSource)model).ToNir(1e-3), new(Path.Combine(_harness.Folder.FullName, "network.nir")));
        return [.. model.Predict([.. mnist.Read(_harness.Cache, Split.Test).Take(Samples)]).Select(answer => answer.Label)];
    }

    async Task Run(string board)
    {
        // What stands last goes to the board's worker; the folders are named here for the command itself.
        var outcome = await _harness.Run("worker", "run", "--results", _harness.Results.FullName, "--cache", _harness.Cache.FullName,
            "--suite", "spiking-transformers", "--benchmark", "images", "--dataset", "mnist",
            "--family", "nir-board@1", "--limit", $"{Samples}", "--with", """{"graph":"network.nir","steps":4,"code":"value"}""",
            "--describe", $"{Program} board describe {board}", "--", Program, "board", "worker", board);
        Assert.True(outcome.Code == ExitCodes.Ok, $"{outcome}");
    }

    static async Task<JsonElement> LatestOf(HarnessProcess harness) => JsonElement.Parse(await File.ReadAllTextAsync(
        harness.Results.EnumerateFiles("run.json", SearchOption.AllDirectories).MaxBy(file => file.Directory!.Name)!.FullName,
        TestContext.Current.CancellationToken));

    async Task<List<JsonElement>> SamplesOf(JsonElement run) => [.. JsonElement.Parse((await _harness.RunHere("query", "--run",
        run.GetProperty("runId").GetString()!, "SELECT sample, answer FROM samples ORDER BY sample", "--json")).Data).EnumerateArray()];

    static IEnumerable<int> Labels(List<JsonElement> samples) =>
        samples.Select(row => int.Parse(row.GetProperty("answer").GetString()!, System.Globalization.CultureInfo.InvariantCulture));

    static Dictionary<string, double> Metrics(JsonElement run) => run.GetProperty("metrics").EnumerateArray()
        .ToDictionary(metric => metric.GetProperty("metric").GetString()!, metric => metric.GetProperty("value").GetDouble());
}
