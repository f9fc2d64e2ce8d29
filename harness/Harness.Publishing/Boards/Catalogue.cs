namespace Harness.Publishing.Boards;

/// <summary>What a suite says it can run: the cards of one benchmark, whether or not anything of it ran yet.</summary>
public sealed record BenchmarkCards(string Suite, string Id, string Title, IReadOnlyList<DatasetCard> Datasets,
    IReadOnlyList<FamilyCard> Families,
    IReadOnlyList<MetricCard> Metrics)
{
    /// <summary>The families that can draw themselves, by <c>id@version</c>, in their listed configuration.</summary>
    public IReadOnlyDictionary<string, ICircuitFamily> Circuits { get; init; } = new Dictionary<string, ICircuitFamily>();

    public static IReadOnlyList<BenchmarkCards> Of(IEnumerable<Suite> suites) =>
        [.. suites.SelectMany(suite => suite.Benchmarks.Select(benchmark => benchmark.Accept(new Reader(suite.Id))))];

    sealed class Reader(string suite) : IBenchmarkVisitor<BenchmarkCards>
    {
        public BenchmarkCards Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            new(suite, benchmark.Id, benchmark.Title,
            [.. benchmark.Datasets.Select(dataset => dataset.Card).DistinctBy(card => card.Protocol)],
            [.. benchmark.Families.Select(family => family.Card).DistinctBy(card => (card.Id, card.Version))],
            [.. benchmark.Metrics.Select(metric => metric.Card)])
        {
            Circuits = benchmark.Families.Where(family => family is ICircuitFamily).DistinctBy(family => (family.Card.Id,
                family.Card.Version))
                .ToDictionary(family => $"{family.Card.Id}@{family.Card.Version}", family => (ICircuitFamily)family),
        };
    }
}
