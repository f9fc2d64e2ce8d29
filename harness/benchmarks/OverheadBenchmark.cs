using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Harness.Cli;
using Harness.Datasets;
using Suites.SpikingTransformers.Families;

namespace Harness.Benchmarks;

/// <summary>
/// What the harness adds to a trial: the same training and prediction once directly in this process, once through session, agent, worker
/// process, scoring and store. Target: at most 3 % of the trial's wall time.
/// </summary>
[SameProcess(1, 3)]
public class OverheadBenchmark
{
    MnistTrial _trial = null!;

    [GlobalSetup]
    public async Task Prepare() => _trial = await MnistTrial.PrepareAsync("lif-mlp");

    [GlobalCleanup]
    public void Remove() => _trial.Dispose();

    [Benchmark(Baseline = true)]
    public int Directly() => _trial.Directly(new LifMlp());

    [Benchmark]
    public Task<int> ThroughTheHarness() => _trial.ThroughTheHarnessAsync();
}

/// <summary>
/// The same for a family that computes next to nothing: the difference is the harness's fixed cost of a trial, in seconds, without the
/// noise of a minute of training.
/// </summary>
[SameProcess(2, 10)]
public class FixedCostBenchmark
{
    MnistTrial _trial = null!;

    [GlobalSetup]
    public async Task Prepare() => _trial = await MnistTrial.PrepareAsync("majority-class");

    [GlobalCleanup]
    public void Remove() => _trial.Dispose();

    [Benchmark(Baseline = true)]
    public int Directly() => _trial.Directly(new MajorityClass());

    [Benchmark]
    public Task<int> ThroughTheHarness() => _trial.ThroughTheHarnessAsync();
}

/// <summary>One trial on MNIST in a folder of its own.</summary>
sealed class MnistTrial(DirectoryInfo folder, string plan) : IDisposable
{
    DirectoryInfo Cache => new(Path.Combine(folder.FullName, "cache"));

    public static async Task<MnistTrial> PrepareAsync(string family)
    {
        var folder = Directory.CreateTempSubdirectory("harness-overhead-");
        var plan = Path.Combine(folder.FullName, "plan.yaml");
        await File.WriteAllTextAsync(plan, $"""
            name: overhead
            seeds: [1]
            threads: 2
            trials:
              - suite: spiking-transformers
                benchmark: images
                datasets: [mnist]
                families: [{family}]
            """);
        var trial = new MnistTrial(folder, plan);
        await new Mnist().FetchAsync(trial.Cache, CancellationToken.None);
        return trial;
    }

    public int Directly(IModelFamily<LabeledImage, ClassPrediction> family)
    {
        var mnist = new Mnist();
        var data = new TrainingData<LabeledImage>([.. mnist.Read(Cache, Split.Train)], [.. mnist.Read(Cache, Split.Validation)]);
        var context = new RunContext(1, 2, Cache, TimeProvider.System, new Progress<TrainingPoint>(), CancellationToken.None);
        using var model = family.Prepare(data, context);
        return mnist.Read(Cache, Split.Test).Chunk(64).Sum(batch => model.Predict(batch).Count);
    }

    public async Task<int> ThroughTheHarnessAsync()
    {
        var code = await Cli.Program.RunAsync(
            ["run", "--plan", plan, "--cache", Cache.FullName, "--results", Path.Combine(folder.FullName, "results")],
            new Terminal(TextWriter.Null, TextWriter.Null, interactive: false));
        return code == ExitCodes.Ok ? code : throw new InvalidOperationException($"The trial ended with exit code {code}.");
    }

    public void Dispose() => folder.Delete(recursive: true);
}
