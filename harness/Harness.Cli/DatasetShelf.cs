using Harness.Core.Registry;
using Harness.Datasets;

namespace Harness.Cli;

/// <summary>A dataset under the name of its protocol, and the benchmarks that list it.</summary>
sealed record ShelvedDataset(IDataset<object> Dataset, IReadOnlyList<BenchmarkEntry> Benchmarks)
{
    public DatasetCard Card => Dataset.Card;

    /// <summary>Metrics that score it: those its protocol prescribes, then those of the benchmarks that list it.</summary>
    public IReadOnlyList<string> Metrics =>
        [.. (Card.Metrics ?? []).Concat(Benchmarks.SelectMany(entry => entry.Metrics)
            .Select(entry => $"{entry.Card.Id}@{entry.Card.Version}"))
            .Distinct()];
}

/// <summary>Every dataset the program knows: those of the suites, plug-ins among them, and the standard ones that no suite lists.</summary>
sealed class DatasetShelf
{
    public DatasetShelf(Catalogue catalogue)
    {
        var listed = catalogue.Benchmarks.SelectMany(entry => entry.Benchmark.Accept(new Datasets()));
        All = [.. listed.Concat(StandardDatasets.All).DistinctBy(dataset => dataset.Card.Protocol)
            .Select(dataset => new ShelvedDataset(dataset,
            [.. catalogue.Benchmarks.Where(entry => entry.Datasets.Any(other => other.Card.Protocol == dataset.Card.Protocol))]))];
    }

    public IReadOnlyList<ShelvedDataset> All { get; }

    /// <param name="reference"><c>id</c> or <c>id@version</c>.</param>
    /// <exception cref="UnknownNameException">There is no such dataset.</exception>
    public ShelvedDataset Find(string reference) =>
        All.FirstOrDefault(entry => reference == entry.Card.Id || reference == entry.Card.Protocol)
        ?? throw new UnknownNameException("dataset", reference, "the program", [.. All.Select(entry => entry.Card.Id)]);

    /// <summary>Protocols that say that they are variants of this one.</summary>
    public IReadOnlyList<string> VariantsOf(DatasetCard card) =>
        [.. All.Where(entry => entry.Card.VariantOf == card.Protocol).Select(entry => entry.Card.Protocol)];

    sealed class Datasets : IBenchmarkVisitor<IReadOnlyList<IDataset<object>>>
    {
        public IReadOnlyList<IDataset<object>> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            [.. benchmark.Datasets.Select(dataset => new Untyped<TSample>(dataset))];
    }

    /// <summary>Value-type samples have no variance, so the view is a class of its own.</summary>
    sealed class Untyped<TSample>(IDataset<TSample> dataset) : IDataset<object>
    {
        public DatasetCard Card => dataset.Card;
        public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => dataset.FetchAsync(cache, cancellation);
        public IEnumerable<object> Read(DirectoryInfo cache, Split split) => dataset.Read(cache, split).Select(sample => (object)sample!);
    }
}
