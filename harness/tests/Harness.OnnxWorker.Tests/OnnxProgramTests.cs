using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Agent.Conformance;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Programs;
using Harness.Agent.Running;
using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Datasets.Sources;

namespace Harness.OnnxWorker.Tests;

/// <summary><c>harness-onnx</c> as a user starts it who has a network from elsewhere and writes no C#.</summary>
public sealed class OnnxProgramTests : ModelFolder
{
    const int Samples = 64;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "harness-onnx");

    [Fact]
    public async Task It_breaks_no_rule_of_the_protocol()
    {
        DataOrSkip("nmnist");
        var model = new OnnxBuilder().Input("frames", null, 4, 2, 34, 34).Node("Flatten", ["frames"], "flat")
            .Node("MatMul", ["flat", "w"], "scores").Output("scores", null, 10).Weights("w", new float[4 * 2 * 34 * 34 * 10], 9248, 10)
            .WriteTo(Folder);
        var trial = await TrialOf(model, "recordings", EventFrames.NMnistSmall.Card.Protocol);
        var request = new RunRequest(WorkerLine.Protocol, trial, Folder.FullName, 1) { LatencySamples = 4, CountSamples = 4 };

        var verdicts = await new WorkerCheck(Command(model, "worker"), request, TimeSpan.FromMinutes(2), TimeProvider.System)
            .RunAsync(Cancellation).ToListAsync(Cancellation);

        Assert.All(verdicts, verdict => Assert.True(verdict.Verdict == Verdict.Kept, $"{verdict}"));
    }

    [Fact]
    public async Task A_network_of_PyTorch_answers_as_PyTorch_does()
    {
        const string Python = "/usr/bin/python3";
        var images = DataOrSkip("mnist/t10k-images-idx3-ubyte.gz");
        if (!File.Exists(Python) || await Said(Python, "-c", "import torch") is null)
            Assert.Skip("PyTorch is not installed (Debian package python3-torch).");
        Assert.NotNull(await Said(Python, Path.Combine(AppContext.BaseDirectory, "export.py"), images, Folder.FullName));
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder.FullName, "answers.json"), Cancellation))!;
        var model = new FileInfo(Path.Combine(Folder.FullName, "network.onnx"));
        var trial = await TrialOf(model, "images", new Mnist().Card.Protocol, """{"mean":[0.1307],"deviation":[0.3081]}""");

        var seen = await Observe(trial, model);

        Assert.Equal(new Finished(RunState.Ok, null), seen[^1]);
        var answers = seen.OfType<Predicted>().SelectMany(line => line.Predictions)
            .Select(prediction => prediction.Deserialize<ClassPrediction>(CanonicalJson.Options)!).ToList();
        Assert.Equal(expected["labels"]!.AsArray().Select(label => (int)label!), answers.Select(answer => answer.Label));
        Assert.All(expected["confidences"]!.AsArray().Zip(answers), pair =>
            Assert.Equal((double)pair.First!, pair.Second.Confidence, tolerance: 1e-5));
        var last = seen.OfType<Described>().Last();
        Assert.Equal([4 * 14 * 14 * 9, 8 * 12 * 12 * 2 * 9, 288 * 10], last.Operations!.Layers.Select(layer => layer.Macs));
        Assert.Equal([new(1, 784, 4, 196, 9, 2, 1, Bias: true), new(4, 196, 8, 144, 9, 1, 2, Bias: true), new(288, 1, 10, 1, Bias: true)],
            last.Operations.Layers.Select(layer => layer.Shape!));
        // The exporter folds the norm into the convolution before it.
        Assert.Equal(4 * 9 + 4 + 8 * 2 * 9 + 8 + 288 * 10 + 10, last.Footprint.Parameters);
    }

    [Fact]
    public async Task The_card_names_runtime_and_execution_provider()
    {
        await using var agent = Agent(LinearNetwork.Small.File().WriteTo(Folder));

        var card = await agent.DescribeAsync(Cancellation);

        Assert.StartsWith("ONNX Runtime 1.", card.Runtime);
        Assert.Equal("CPUExecutionProvider", card.Details!["execution provider"]);
    }

    static string DataOrSkip(string name)
    {
        var path = Path.Combine(DataSources.FromEnvironment().Data?.FullName ?? "", name);
        if (!Path.Exists(path)) Assert.Skip($"no {name} under HARNESS_DATA ({path})");
        return path;
    }

    static WorkerCommand Command(FileInfo model, params string[] words) => new(Program, [model.FullName, .. words]);

    ProgramAgent Agent(FileInfo model) => new(Command(model), Folder, new DriverOptions("cpu")
    {
        Limits = new() { Time = TimeSpan.FromMinutes(5), Silence = TimeSpan.FromMinutes(4) }, LatencySamples = 4, CountSamples = 8,
    }, TimeProvider.System);

    static async Task<Trial> TrialOf(FileInfo model, string benchmark, string protocol, string more = "{}")
    {
        var said = await Said(Program, model.FullName, "configuration");
        var configuration = JsonNode.Parse(said ?? throw new InvalidOperationException($"no configuration of {model.Name}"))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) configuration[name] = value!.DeepClone();
        return new("spiking-transformers", benchmark, protocol, "onnx@1", JsonSerializer.SerializeToElement(configuration), 1, "cpu", 1)
        {
            Limit = Samples,
        };
    }

    async Task<List<Observation>> Observe(Trial trial, FileInfo model)
    {
        await using var agent = Agent(model);
        return await agent.RunAsync(trial, Cancellation).ToListAsync(Cancellation);
    }

    /// <summary>What a program prints; null where it fails.</summary>
    static async Task<string?> Said(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode == 0 ? text : null;
    }
}
