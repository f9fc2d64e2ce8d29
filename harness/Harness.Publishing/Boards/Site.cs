using System.Collections.Concurrent;
using Harness.Publishing.Fleet;
using Harness.Publishing.History;
using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>The view, worked out once for all pages: what exists, how it groups, what it means.</summary>
public sealed class Site
{
    readonly Dictionary<string, FamilyEntry> _families;
    readonly Dictionary<string, DatasetEntry> _datasets;
    readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    readonly Lazy<IReadOnlyDictionary<string, (Board Board, Row Row)>> _places;
    readonly Lazy<ILookup<string, (Board Board, Row Row)>> _rows;
    readonly Lazy<IReadOnlyList<Alert>> _alerts;
    readonly Lazy<IReadOnlyList<NewsItem>> _news;

    internal Site(ResultView view, Publisher publisher, Changes changes)
    {
        (At, Publisher, Changes) = (view.At, publisher, changes);
        Confirmed = [.. publisher.Confirmed.OrderByDescending(alert => alert.At).ThenBy(alert => alert.Id, StringComparer.Ordinal)
            .Select(alert => new ConfirmedAlert(alert))];
        Benchmarks = BenchmarkCards.Of(view.Suites);
        Runs = [.. view.Runs.OrderByDescending(run => run.Started).ThenByDescending(run => run.RunId, StringComparer.Ordinal)];
        Definitions = Benchmarks.SelectMany(cards => cards.Metrics).Concat(publisher.Quantities).DistinctBy(card => card.Id)
            .ToDictionary(card => card.Id);
        Families = FamiliesOf();
        Datasets = DatasetsOf();
        Fleet = new(publisher.Fleet);
        Devices = DevicesOf();
        _families = Families.ToDictionary(entry => entry.Key);
        _datasets = Datasets.ToDictionary(entry => entry.Protocol);
        Builder = new BoardBuilder(Benchmarks, key => _families.GetValueOrDefault(key)?.Card, key => _datasets.GetValueOrDefault(key)?.Card,
            id => Definitions.GetValueOrDefault(id));
        Boards = Builder.Build(Runs);
        Suites = [.. view.Suites.Select(suite => (suite.Id, suite.Title))
            .Concat(Boards.Select(board => board.Suite).Distinct().Except(view.Suites.Select(suite => suite.Id))
                .Select(id => (Id: id, Title: id)))
            .Select(suite => new SuiteEntry(suite.Id, suite.Title, [.. Boards.Where(board => board.Suite == suite.Id)])
            {
                Reported = view.Suites.FirstOrDefault(known => known.Id == suite.Id)?.Reported ?? [],
            })];
        Context = Digest.Of([.. Suites.SelectMany(suite => new[] { suite.Id, suite.Title }),
            .. Definitions.Values.Select(CanonicalJson.Write),
                .. Families.SelectMany(family => new[] { family.Key, CanonicalJson.Write(family.Card) }),
            .. Datasets.SelectMany(dataset => new[] { dataset.Protocol, CanonicalJson.Write(dataset.Card) }),
            .. publisher.EnergyModels.SelectMany(model => new[] { CanonicalJson.Write(model.Card), CanonicalJson.Write(model.Basis) })]);
        _rows = new(() => Boards.SelectMany(board => board.All.Select(row => (board, row))).ToLookup(pair => pair.row.Family));
        _alerts = new(() => Alert.Of(Boards, Changes));
        _news = new(() => History.News.Of(this));
        _places = new(() => Boards.SelectMany(board => board.All.SelectMany(row => row.Every.Select(run => (run.RunId, Place: (board,
            row)))))
            .DistinctBy(pair => pair.RunId).ToDictionary(pair => pair.RunId, pair => pair.Place, StringComparer.Ordinal));
    }

    public DateTimeOffset At { get; }
    public Publisher Publisher { get; }
    public IReadOnlyList<BenchmarkCards> Benchmarks { get; }
    /// <summary>Every run, newest first.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }
    public IReadOnlyList<SuiteEntry> Suites { get; }
    public IReadOnlyList<Board> Boards { get; }
    public IReadOnlyList<FamilyEntry> Families { get; }
    public IReadOnlyList<DatasetEntry> Datasets { get; }
    /// <summary>Those of the runs, and those of the fleet that have none yet.</summary>
    public IReadOnlyList<DeviceEntry> Devices { get; }
    /// <summary>What is known of the fleet; empty where nothing is.</summary>
    public FleetHistory Fleet { get; }
    /// <summary>Metric cards by id: the suites' first, then the given quantities'.</summary>
    public IReadOnlyDictionary<string, MetricCard> Definitions { get; }
    /// <summary>Names what every page shares: navigation, titles, definitions, energy models.</summary>
    public string Context { get; }
    internal BoardBuilder Builder { get; }
    internal Changes Changes { get; }
    /// <summary>Every change that paired runs have confirmed, newest first.</summary>
    internal IReadOnlyList<ConfirmedAlert> Confirmed { get; }
    /// <summary>Every change point of every watched quantity, newest first.</summary>
    internal IReadOnlyList<Alert> Alerts => _alerts.Value;
    /// <summary>What the last week changed.</summary>
    internal IReadOnlyList<NewsItem> News => _news.Value;

    public string FamilyTitle(string key) => _families.GetValueOrDefault(key)?.Title ?? key;
    public string DatasetTitle(string protocol) => _datasets.GetValueOrDefault(protocol)?.Title ?? protocol;
    public string HashOf(RunRecord run) => _hashes.GetOrAdd(run.RunId, static (_, pair) => pair.Details.HashOf(pair.Run),
        (Publisher.Details, Run: run));
    /// <summary>Every row of a family, board by board.</summary>
    public IEnumerable<(Board Board, Row Row)> RowsOf(string family) => _rows.Value[family];
    /// <summary>The board and the row that a run belongs to, whether or not a newer run replaced it.</summary>
    public (Board Board, Row Row) PlaceOf(RunRecord run) => _places.Value[run.RunId];

    FamilyEntry[] FamiliesOf()
    {
        var runs = Runs.ToLookup(run => run.Trial.Family);
        var cards = Benchmarks.SelectMany(benchmark => benchmark.Families).GroupBy(card => $"{card.Id}@{card.Version}")
            .ToDictionary(group => group.Key, group => group.First());
        return [.. cards.Keys.Union(runs.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(key =>
            new FamilyEntry(key, cards.GetValueOrDefault(key) ?? runs[key].Select(run => run.Family).FirstOrDefault(card =>
                card is not null),
                [.. runs[key]]))];
    }

    DeviceEntry[] DevicesOf()
    {
        var runs = Runs.ToLookup(run => run.Device.Id);
        // A run of a fleet names the device as it was enrolled.
        var enrolled = (Fleet.Newest?.Devices ?? []).Select(entry => entry.Device).Where(device => device.Card is not null)
            .DistinctBy(device => device.Name).ToDictionary(device => device.Name, device => device.Card! with { Id = device.Name });
        return [.. runs.Select(group => group.Key).Union(enrolled.Keys).Order(StringComparer.Ordinal).Select(id =>
            new DeviceEntry(runs[id].FirstOrDefault()?.Device ?? enrolled[id], [.. runs[id]]))];
    }

    DatasetEntry[] DatasetsOf()
    {
        var runs = Runs.ToLookup(run => run.Trial.Protocol);
        var cards = Benchmarks.SelectMany(benchmark => benchmark.Datasets).GroupBy(card => card.Protocol)
            .ToDictionary(group => group.Key, group => group.First());
        return [.. cards.Keys.Union(runs.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(key =>
            new DatasetEntry(key, cards.GetValueOrDefault(key) ?? runs[key].Select(run => run.Dataset).FirstOrDefault(card =>
                card is not null),
                [.. runs[key]]))];
    }
}
