using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>Groups runs into boards, boards into rows, rows into seeds.</summary>
sealed class BoardBuilder(IReadOnlyList<BenchmarkCards> benchmarks, Func<string, FamilyCard?> family, Func<string, DatasetCard?> dataset,
    Func<string, MetricCard?> definition)
{
    public IReadOnlyList<Board> Build(IReadOnlyList<RunRecord> runs)
    {
        var byBoard = runs.GroupBy(KeyOf).ToDictionary(group => group.Key, group => group.ToArray());
        var offered = benchmarks.SelectMany(cards => cards.Datasets.Select(card => (cards.Suite, Benchmark: cards.Id, card.Protocol)));
        var unlisted = byBoard.Keys.OrderBy(key => key.Suite, StringComparer.Ordinal).ThenBy(key => key.Benchmark, StringComparer.Ordinal)
            .ThenBy(key => key.Protocol, StringComparer.Ordinal);
        return [.. offered.Concat(unlisted).Distinct().AsParallel().AsOrdered()
            .Select(key => Build(key, byBoard.GetValueOrDefault(key) ?? []))];
    }

    public static (string Suite, string Benchmark, string Protocol) KeyOf(RunRecord run) =>
        (run.Trial.Suite, run.Trial.Benchmark, run.Trial.Protocol);

    public Board Build((string Suite, string Benchmark, string Protocol) key, IReadOnlyList<RunRecord> runs)
    {
        var cards = benchmarks.FirstOrDefault(cards => cards.Suite == key.Suite && cards.Id == key.Benchmark);
        var columns = Columns.Of(runs, cards, definition);
        var rows = Rows(runs, columns);
        return new Board(key.Suite, key.Benchmark, cards?.Title ?? key.Benchmark, key.Protocol, dataset(key.Protocol), columns,
            Ranking.Of([.. rows.Where(row => row.Trial.Limit is null)], columns),
            [.. rows.Where(row => row.Trial.Limit is not null).GroupBy(row => row.Trial.Limit).OrderBy(group => group.Key)
                .SelectMany(group => Ranking.Of([.. group], columns))]);
    }

    List<Row> Rows(IReadOnlyList<RunRecord> runs, IReadOnlyList<Column> columns) =>
        [.. runs.GroupBy(run => (run.Trial.Family, run.Trial.ConfigurationHash, run.Device.Id, run.Trial.Threads, run.Trial.Limit))
            .Select(group => Row([.. group], columns)).GroupBy(row => row.Family).SelectMany(siblings => Told([.. siblings]))];

    Row Row(RunRecord[] runs, IReadOnlyList<Column> columns)
    {
        RunRecord[] every = [.. runs.OrderByDescending(run => run.Started).ThenByDescending(run => run.RunId, StringComparer.Ordinal)];
        RunRecord[] newest = [.. every.DistinctBy(run => run.Trial.Seed).OrderBy(run => run.Trial.Seed)];
        var first = newest[0];
        Cell[] cells = [.. columns.Select(column => Read(newest, column))];
        return new Row(first.Trial.Family, family(first.Trial.Family), first.Device.Id, first.Trial.Threads, newest,
            cells) { Every = every };
    }

    static Cell Read(RunRecord[] runs, Column column)
    {
        var values = new List<(RunRecord, Measured)>(runs.Length);
        foreach (var run in runs)
            if (run.State == RunState.Ok && column.Read(run) is { } value) values.Add((run, value));
        return new(values);
    }

    /// <summary>Gives each row of a family the hyper-parameters, device and threads by which the rows differ.</summary>
    static IEnumerable<Row> Told(Row[] siblings)
    {
        var members = siblings.Select(row => Words.Members(row.Configuration).ToArray()).ToArray();
        var differing = members.SelectMany(row => row).GroupBy(member => member.Name)
            .Where(group => group.Count() < siblings.Length || group.Select(member => member.Value).Distinct().Skip(1).Any())
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var devices = siblings.Select(row => row.DeviceId).Distinct().Skip(1).Any();
        var threads = siblings.Select(row => row.Threads).Distinct().Skip(1).Any();
        for (var i = 0; i < siblings.Length; i++)
        {
            var parts = members[i].Where(member => differing.Contains(member.Name)).Select(member => $"{member.Name} {member.Value}")
                .ToList();
            if (devices) parts.Add($"on {siblings[i].DeviceId}");
            if (threads) parts.Add(Words.Plural(siblings[i].Threads, "thread"));
            yield return siblings[i] with { Difference = string.Join(", ", parts) };
        }
    }
}
