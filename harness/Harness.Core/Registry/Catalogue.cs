namespace Harness.Core.Registry;

public sealed record SuiteEntry(string Id, string Title, IReadOnlyList<BenchmarkEntry> Benchmarks);

/// <summary>A benchmark with everything it lists; <see cref="Path"/> is <c>suite/benchmark</c>.</summary>
public sealed record BenchmarkEntry(string Suite, string Id, string Title, IBenchmark Benchmark, IReadOnlyList<DatasetEntry> Datasets,
    IReadOnlyList<FamilyEntry> Families, IReadOnlyList<MetricEntry> Metrics)
{
    public string Path => $"{Suite}/{Id}";

    /// <param name="reference"><c>id</c> or <c>id@version</c>.</param>
    /// <exception cref="UnknownNameException">This benchmark lists no such dataset, or another version of it.</exception>
    public DatasetEntry Dataset(string reference) =>
        Datasets.FirstOrDefault(entry => reference == entry.Card.Id || reference == entry.Card.Protocol)
        ?? throw new UnknownNameException("dataset", reference, $"benchmark {Path}",
            Names(reference, Datasets, entry => entry.Card.Id, entry => entry.Card.Protocol));

    /// <param name="reference"><c>id</c> or <c>id@version</c>.</param>
    /// <exception cref="UnknownNameException">This benchmark lists no such family, or another version of it.</exception>
    public FamilyEntry Family(string reference) =>
        Families.FirstOrDefault(entry => reference == entry.Card.Id || reference == entry.Reference)
        ?? throw new UnknownNameException("family", reference, $"benchmark {Path}",
            Names(reference, Families, entry => entry.Card.Id, entry => entry.Reference));

    static List<string> Names<T>(string reference, IEnumerable<T> entries, Func<T, string> id, Func<T, string> versioned) =>
        [.. entries.Select(reference.Contains('@') ? versioned : id)];
}

/// <summary>A dataset as one benchmark lists it.</summary>
public sealed record DatasetEntry(string Suite, string Benchmark, DatasetCard Card);

/// <summary>A metric as one benchmark lists it.</summary>
public sealed record MetricEntry(string Suite, string Benchmark, MetricCard Card, bool Primary);

/// <summary>A family as one benchmark lists it. <paramref name="Prototype"/> is the listed record: its values are the defaults.</summary>
public sealed record FamilyEntry(string Suite, string Benchmark, FamilyCard Card, object Prototype)
{
    readonly Lazy<IReadOnlyList<HyperParameter>> _parameters = new(() => Configurations.Parameters(Prototype));

    /// <summary>The family as a trial names it: <c>id@version</c>.</summary>
    public string Reference => $"{Card.Id}@{Card.Version}";
    public IReadOnlyList<HyperParameter> Parameters => _parameters.Value;
}

/// <summary>The catalogue names one thing twice, or one name means two things.</summary>
public sealed class CatalogueException(IReadOnlyList<string> problems)
    : HarnessException($"The catalogue is inconsistent: {string.Join("; ", problems)}.")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>Everything that can be run, from the literal lists of the suites. Reading it loads no model and no data.</summary>
public sealed class Catalogue
{
    /// <exception cref="CatalogueException">An id occurs twice where it must be unique, or stands for two different versions.</exception>
    public Catalogue(IReadOnlyList<Suite> suites)
    {
        Source = suites;
        Suites = [.. suites.Select(suite => new SuiteEntry(suite.Id, suite.Title,
            [.. suite.Benchmarks.Select(benchmark => benchmark.Accept(new Reader(suite.Id)))]))];
        Benchmarks = [.. Suites.SelectMany(suite => suite.Benchmarks)];
        Datasets = [.. Benchmarks.SelectMany(benchmark => benchmark.Datasets)];
        Families = [.. Benchmarks.SelectMany(benchmark => benchmark.Families)];
        Metrics = [.. Benchmarks.SelectMany(benchmark => benchmark.Metrics)];
        var problems = Problems().ToList();
        if (problems.Count > 0) throw new CatalogueException(problems);
    }

    /// <summary>The suites as they were given.</summary>
    public IReadOnlyList<Suite> Source { get; }
    public IReadOnlyList<SuiteEntry> Suites { get; }
    public IReadOnlyList<BenchmarkEntry> Benchmarks { get; }
    /// <summary>One entry for each benchmark that lists the dataset, in catalogue order.</summary>
    public IReadOnlyList<DatasetEntry> Datasets { get; }
    /// <summary>One entry for each benchmark that lists the family, in catalogue order.</summary>
    public IReadOnlyList<FamilyEntry> Families { get; }
    /// <summary>One entry for each benchmark that lists the metric, in catalogue order.</summary>
    public IReadOnlyList<MetricEntry> Metrics { get; }

    /// <exception cref="UnknownNameException">No suite has this id.</exception>
    public SuiteEntry Suite(string id) => Suites.FirstOrDefault(suite => suite.Id == id)
        ?? throw new UnknownNameException("suite", id, "the catalogue", [.. Suites.Select(suite => suite.Id)]);

    /// <exception cref="UnknownNameException">No such suite, or it has no such benchmark.</exception>
    public BenchmarkEntry Benchmark(string suite, string id) => Suite(suite).Benchmarks.FirstOrDefault(benchmark => benchmark.Id == id)
        ?? throw new UnknownNameException("benchmark", id, $"suite {suite}",
            [.. Suite(suite).Benchmarks.Select(benchmark => benchmark.Id)]);

    /// <summary>The first listing of a dataset, by <c>id</c> or <c>id@version</c>.</summary>
    /// <exception cref="UnknownNameException">No benchmark lists it.</exception>
    public DatasetEntry Dataset(string reference) =>
        Datasets.FirstOrDefault(entry => reference == entry.Card.Id || reference == entry.Card.Protocol)
        ?? throw new UnknownNameException("dataset", reference, "the catalogue", [.. Datasets.Select(entry => entry.Card.Id).Distinct()]);

    /// <summary>The first listing of a family, by <c>id</c> or <c>id@version</c>.</summary>
    /// <exception cref="UnknownNameException">No benchmark lists it.</exception>
    public FamilyEntry Family(string reference) =>
        Families.FirstOrDefault(entry => reference == entry.Card.Id || reference == entry.Reference)
        ?? throw new UnknownNameException("family", reference, "the catalogue", [.. Families.Select(entry => entry.Card.Id).Distinct()]);

    /// <summary>The first listing of a metric.</summary>
    /// <exception cref="UnknownNameException">No benchmark lists it.</exception>
    public MetricEntry Metric(string id) => Metrics.FirstOrDefault(entry => entry.Card.Id == id)
        ?? throw new UnknownNameException("metric", id, "the catalogue", [.. Metrics.Select(entry => entry.Card.Id).Distinct()]);

    IEnumerable<string> Problems() =>
    [
        .. Twice("suite", "the catalogue", Suites.Select(suite => suite.Id)),
        .. Suites.SelectMany(suite => Twice("benchmark", $"suite {suite.Id}", suite.Benchmarks.Select(benchmark => benchmark.Id))),
        .. Benchmarks.SelectMany(benchmark =>
            Twice("dataset", $"benchmark {benchmark.Path}", benchmark.Datasets.Select(entry => entry.Card.Id))),
        .. Benchmarks.SelectMany(benchmark =>
            Twice("family", $"benchmark {benchmark.Path}", benchmark.Families.Select(entry => entry.Card.Id))),
        .. Benchmarks.SelectMany(benchmark =>
            Twice("metric", $"benchmark {benchmark.Path}", benchmark.Metrics.Select(entry => entry.Card.Id))),
        .. Ambiguous("dataset", Datasets.Select(entry => (entry.Card.Id, entry.Card.Version))),
        .. Ambiguous("family", Families.Select(entry => (entry.Card.Id, entry.Card.Version))),
        .. Ambiguous("metric", Metrics.Select(entry => (entry.Card.Id, entry.Card.Version))),
        .. Benchmarks.Where(benchmark => benchmark.Metrics.Count == 0).Select(benchmark => $"benchmark {benchmark.Path} lists no metric"),
    ];

    static IEnumerable<string> Twice(string kind, string place, IEnumerable<string> ids) =>
        ids.CountBy(id => id).Where(count => count.Value > 1)
            .Select(count => $"{kind} '{count.Key}' is listed {count.Value} times in {place}");

    static IEnumerable<string> Ambiguous(string kind, IEnumerable<(string Id, int Version)> cards) =>
        cards.Distinct().CountBy(card => card.Id).Where(count => count.Value > 1)
            .Select(count => $"{kind} '{count.Key}' is listed with {count.Value} different versions");

    sealed class Reader(string suite) : IBenchmarkVisitor<BenchmarkEntry>
    {
        public BenchmarkEntry Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            new(suite, benchmark.Id, benchmark.Title, benchmark,
            [.. benchmark.Datasets.Select(dataset => new DatasetEntry(suite, benchmark.Id, dataset.Card))],
            [.. benchmark.Families.Select(family => new FamilyEntry(suite, benchmark.Id, family.Card, family))],
            [.. benchmark.Metrics.Select((metric, index) => new MetricEntry(suite, benchmark.Id, metric.Card, index == 0))]);
    }
}
