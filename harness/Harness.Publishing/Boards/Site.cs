namespace Harness.Publishing.Boards;

/// <summary>A family with every run of it, newest first.</summary>
public sealed record FamilyEntry(string Key, FamilyCard? Card, IReadOnlyList<RunRecord> Runs) { public string Title => Card?.Title ?? Key; }

/// <summary>A protocol with every run on it, newest first.</summary>
public sealed record DatasetEntry(string Protocol, DatasetCard? Card, IReadOnlyList<RunRecord> Runs) { public string Title => Card?.Title ?? Protocol; }

/// <summary>A device as its newest run describes it, with every run on it, newest first.</summary>
public sealed record DeviceEntry(DeviceCard Card, IReadOnlyList<RunRecord> Runs);

/// <summary>A suite with its boards.</summary>
public sealed record SuiteEntry(string Id, string Title, IReadOnlyList<Board> Boards);

/// <summary>The view, worked out once for all pages: what exists, how it groups, what it means.</summary>
public sealed class Site
{
    public Site(ResultView view, IReadOnlyList<MetricCard> quantities, Func<RunRecord, string> reproduce)
    {
        At = view.At;
        Reproduce = reproduce;
        Benchmarks = BenchmarkCards.Of(view.Suites);
        Runs = [.. view.Runs.OrderByDescending(run => run.Started).ThenByDescending(run => run.RunId, StringComparer.Ordinal)];
        Definitions = Defined(quantities);
        Families = FamiliesOf();
        Datasets = DatasetsOf();
        Devices = [.. Runs.GroupBy(run => run.Device.Id).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new DeviceEntry(group.First().Device, [.. group]))];
        var families = Families.ToDictionary(entry => entry.Key, entry => entry.Card);
        var datasets = Datasets.ToDictionary(entry => entry.Protocol, entry => entry.Card);
        Boards = new BoardBuilder(Benchmarks, families.GetValueOrDefault, datasets.GetValueOrDefault, id => Definitions.GetValueOrDefault(id)).Build(Runs);
        Suites = [.. view.Suites.Select(suite => (suite.Id, suite.Title))
            .Concat(Boards.Select(board => board.Suite).Distinct().Except(view.Suites.Select(suite => suite.Id)).Select(id => (Id: id, Title: id)))
            .Select(suite => new SuiteEntry(suite.Id, suite.Title, [.. Boards.Where(board => board.Suite == suite.Id)]))];
    }

    public DateTimeOffset At { get; }
    public Func<RunRecord, string> Reproduce { get; }
    public IReadOnlyList<BenchmarkCards> Benchmarks { get; }
    /// <summary>Every run, newest first.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }
    public IReadOnlyList<SuiteEntry> Suites { get; }
    public IReadOnlyList<Board> Boards { get; }
    public IReadOnlyList<FamilyEntry> Families { get; }
    public IReadOnlyList<DatasetEntry> Datasets { get; }
    public IReadOnlyList<DeviceEntry> Devices { get; }
    /// <summary>Metric cards by id: the suites' first, then the given quantities'.</summary>
    public IReadOnlyDictionary<string, MetricCard> Definitions { get; }

    public string FamilyTitle(string key) => Families.FirstOrDefault(entry => entry.Key == key)?.Title ?? key;
    public string DatasetTitle(string protocol) => Datasets.FirstOrDefault(entry => entry.Protocol == protocol)?.Title ?? protocol;

    Dictionary<string, MetricCard> Defined(IReadOnlyList<MetricCard> quantities) =>
        Benchmarks.SelectMany(cards => cards.Metrics).Concat(quantities).DistinctBy(card => card.Id).ToDictionary(card => card.Id);

    FamilyEntry[] FamiliesOf()
    {
        var runs = Runs.ToLookup(run => run.Trial.Family);
        var cards = Benchmarks.SelectMany(benchmark => benchmark.Families).GroupBy(card => $"{card.Id}@{card.Version}")
            .ToDictionary(group => group.Key, group => group.First());
        return [.. cards.Keys.Union(runs.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(key =>
            new FamilyEntry(key, cards.GetValueOrDefault(key) ?? runs[key].Select(run => run.Family).FirstOrDefault(card => card is not null), [.. runs[key]]))];
    }

    DatasetEntry[] DatasetsOf()
    {
        var runs = Runs.ToLookup(run => run.Trial.Protocol);
        var cards = Benchmarks.SelectMany(benchmark => benchmark.Datasets).GroupBy(card => card.Protocol)
            .ToDictionary(group => group.Key, group => group.First());
        return [.. cards.Keys.Union(runs.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(key =>
            new DatasetEntry(key, cards.GetValueOrDefault(key) ?? runs[key].Select(run => run.Dataset).FirstOrDefault(card => card is not null), [.. runs[key]]))];
    }
}
