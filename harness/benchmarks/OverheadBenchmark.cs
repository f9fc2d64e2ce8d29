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
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class OverheadBenchmark
{
    const string Plan = """
        name: overhead
        seeds: [1]
        threads: 2
        trials:
          - suite: spiking-transformers
            benchmark: images
            datasets: [mnist]
            families: [lif-mlp]
        """;

    DirectoryInfo _folder = null!;
    DirectoryInfo _cache = null!;

    [GlobalSetup]
    public async Task Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("harness-overhead-");
        _cache = _folder.CreateSubdirectory("cache");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "plan.yaml"), Plan);
        await new Mnist().FetchAsync(_cache, CancellationToken.None);
    }

    [GlobalCleanup]
    public void Remove() => _folder.Delete(recursive: true);

    [Benchmark(Baseline = true)]
    public int Directly()
    {
        var mnist = new Mnist();
        var data = new TrainingData<LabeledImage>([.. mnist.Read(_cache, Split.Train)], [.. mnist.Read(_cache, Split.Validation)]);
        var context = new RunContext(1, 2, _cache, TimeProvider.System, new Progress<TrainingPoint>(), CancellationToken.None);
        using var model = new LifMlp().Prepare(data, context);
        return mnist.Read(_cache, Split.Test).Chunk(64).Sum(batch => model.Predict(batch).Count);
    }

    [Benchmark]
    public async Task<int> ThroughTheHarness() => await Cli.Program.RunAsync(
        ["run", "--plan", Path.Combine(_folder.FullName, "plan.yaml"), "--cache", _cache.FullName, "--results",
            Path.Combine(_folder.FullName, "results")],
        new Terminal(TextWriter.Null, TextWriter.Null, interactive: false));
}
