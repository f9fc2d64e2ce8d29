using System.Text.Json;
using Harness.Core.Registry;

namespace Harness.Agent.Drivers.External;

/// <summary>
/// The samples of a protocol as files of JSON lines, for workers in other languages: <c>train.jsonl</c>, <c>validation.jsonl</c> and
/// <c>test.jsonl</c>, in the order of the dataset. What a model must not see is withheld as it is from families of the harness.
/// </summary>
sealed class SampleFiles(Catalogue catalogue, DirectoryInfo cache)
{
    public DirectoryInfo FolderOf(Trial trial) =>
        new(Path.Combine(cache.FullName, "samples", $"{trial.Suite}.{trial.Benchmark}.{trial.Protocol}"));

    /// <exception cref="HarnessException">The data cannot be had, or the trial names none.</exception>
    public Task LayOutAsync(Trial trial, CancellationToken cancellation) => FolderOf(trial).Exists
        ? Task.CompletedTask
        : catalogue.Benchmark(trial.Suite, trial.Benchmark).Benchmark.Accept(new Writer(trial, FolderOf(trial), cache, cancellation));

    sealed class Writer(Trial trial, DirectoryInfo folder, DirectoryInfo cache, CancellationToken cancellation) : IBenchmarkVisitor<Task>
    {
        public async Task Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark)
        {
            var dataset = benchmark.DatasetOf(trial);
            await dataset.FetchAsync(cache, cancellation);
            Func<TSample, TSample> shown = benchmark.Unsupervised ? benchmark.Withhold : sample => sample;
            // Another name until all three are whole: several agents may lay out the same samples at once.
            var part = Directory.CreateDirectory($"{folder.FullName}.{Path.GetRandomFileName()}.part");
            await WriteAsync(part, "train", dataset.Read(cache, Split.Train).Select(shown));
            await WriteAsync(part, "validation", dataset.Read(cache, Split.Validation).Select(shown));
            await WriteAsync(part, "test", dataset.Read(cache, Split.Test).Select(benchmark.Withhold));
            try { part.MoveTo(folder.FullName); }
            catch (IOException) when (Directory.Exists(folder.FullName)) { part.Delete(recursive: true); }
        }

        async Task WriteAsync<TSample>(DirectoryInfo part, string name, IEnumerable<TSample> samples)
        {
            await using var writer = new StreamWriter(Path.Combine(part.FullName, $"{name}.jsonl"));
            foreach (var sample in samples)
            {
                cancellation.ThrowIfCancellationRequested();
                await writer.WriteAsync(JsonSerializer.Serialize(sample, CanonicalJson.Options));
                await writer.WriteAsync('\n');
            }
        }
    }
}
