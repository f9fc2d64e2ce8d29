using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Harness.Cli;
using Harness.Publishing;
using Harness.Publishing.Boards;

namespace Harness.Benchmarks;

/// <summary>
/// A site of 35 000 runs: written into an empty folder, and again with one run more. Targets on two cores: 60 s and 3 s. What is measured
/// is the publisher; reading runs is generating them here.
/// </summary>
[SameProcess(0, 3)]
[MemoryDiagnoser]
public class PublishBenchmark
{
    internal const int Runs = 35_000;
    DirectoryInfo folder = null!;
    RunRecord[] runs = [];

    [GlobalSetup]
    public void Generate() => runs = [.. Enumerable.Range(0, Runs + 1).Select(GeneratedRuns.Brief)];

    [IterationSetup(Target = nameof(First))]
    public void Empty() => folder = Directory.CreateTempSubdirectory("harness-site-benchmark-");

    [IterationCleanup(Target = nameof(First))]
    public void Delete() => folder.Delete(recursive: true);

    [Benchmark]
    public Task<Publication> First() => PublishAsync(Runs, folder);

    [IterationSetup(Target = nameof(OneMore))]
    public void Publish()
    {
        Empty();
        PublishAsync(Runs, folder).GetAwaiter().GetResult();
    }

    [IterationCleanup(Target = nameof(OneMore))]
    public void DeleteAgain() => Delete();

    [Benchmark]
    public Task<Publication> OneMore() => PublishAsync(Runs + 1, folder);

    internal Task<Publication> PublishAsync(int count, DirectoryInfo output)
    {
        var view = new ResultView(runs.Take(count).ToArray(), [], runs[count - 1].Ended);
        var publisher = new Publisher { Details = new RunDetails(run => run.RunId, (run, _) => new(GeneratedRuns.Whole(run))),
            EnergyModels = Devices.AllEnergyModels };
        return publisher.PublishAsync(view, output, CancellationToken.None);
    }
}
