using Harness.Agent.Running;
using Harness.Core.Registry;
using Harness.Spiking.Nir;

namespace Harness.Cli;

/// <summary>The graph of a stored run's model, and on how many of its stored answers the model agrees.</summary>
sealed record ExportedGraph(NirGraph Graph, int Agreeing, int Compared);

/// <summary>
/// Trains the model of a stored run again from its record, since runs keep predictions and not weights, and takes its graph. That it is the
/// same model is shown by its answers to the first test samples.
/// </summary>
sealed class NirExport(RunRecord run, DirectoryInfo cache, double step, CancellationToken cancellation) : IBenchmarkVisitor<ExportedGraph>
{
    const int Compared = 256;

    public ExportedGraph Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark)
    {
        var request = new RunRequest(WorkerLine.Protocol, run.Trial, cache.FullName, run.Trial.Threads);
        using var model = new Preparation<TSample, TPrediction>(benchmark, request, TimeProvider.System, _ => { }, cancellation).Run();
        if (model is not INirSource source)
            throw new UnsupportedException($"{run.Trial.Family} has no NIR graph; of the families here, lif-mlp has one.");
        var stored = run.Samples.Where(row => row.Sample < Compared).ToDictionary(row => row.Sample, row => row.Answer);
        var samples = benchmark.DatasetOf(run.Trial).Read(cache, Split.Test).Take(Compared).Select(benchmark.Withhold).ToList();
        var answers = model.Predict(samples).Select(benchmark.Answer).ToList();
        var compared = answers.Select((answer, sample) => (Answer: answer, Stored: stored.GetValueOrDefault(sample)))
            .Where(pair => pair.Stored is not null).ToList();
        return new(source.ToNir(step), compared.Count(pair => pair.Answer == pair.Stored), compared.Count);
    }
}
