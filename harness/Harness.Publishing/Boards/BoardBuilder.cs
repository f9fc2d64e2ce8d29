using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>Groups runs into boards, boards into rows, rows into seeds.</summary>
sealed class BoardBuilder(IReadOnlyList<BenchmarkCards> benchmarks, Func<string, FamilyCard?> family, Func<string, DatasetCard?> dataset,
    Func<string, MetricCard?> definition)
{
    public IReadOnlyList<Board> Build(IReadOnlyList<RunRecord> runs)
    {
        var byBoard = runs.GroupBy(run => (run.Trial.Suite, run.Trial.Benchmark, run.Trial.Protocol)).ToDictionary(group => group.Key, group => group.ToArray());
        var offered = benchmarks.SelectMany(cards => cards.Datasets.Select(card => (cards.Suite, Benchmark: cards.Id, card.Protocol)));
        var unlisted = byBoard.Keys.OrderBy(key => key.Suite, StringComparer.Ordinal).ThenBy(key => key.Benchmark, StringComparer.Ordinal)
            .ThenBy(key => key.Protocol, StringComparer.Ordinal);
        return [.. offered.Concat(unlisted).Distinct().Select(key => Board(key, byBoard.GetValueOrDefault(key) ?? []))];
    }

    Board Board((string Suite, string Benchmark, string Protocol) key, IReadOnlyList<RunRecord> runs)
    {
        var cards = benchmarks.FirstOrDefault(cards => cards.Suite == key.Suite && cards.Id == key.Benchmark);
        var columns = Columns.Of(runs, cards, definition);
        var rows = Rows(runs, columns);
        return new Board(key.Suite, key.Benchmark, cards?.Title ?? key.Benchmark, key.Protocol, dataset(key.Protocol), columns,
            Ranking.Of([.. rows.Where(row => row.Trial.Limit is null)], columns),
            [.. rows.Where(row => row.Trial.Limit is not null).GroupBy(row => row.Trial.Limit).OrderBy(group => group.Key)
                .SelectMany(group => Ranking.Of([.. group], columns))]);
    }

    List<Row> Rows(IReadOnlyList<RunRecord> runs, IReadOnlyList<Column> columns)
    {
        var rows = runs.GroupBy(run => (run.Trial.Family, run.Trial.ConfigurationHash, run.Device.Id, run.Trial.Threads, run.Trial.Limit))
            .Select(group => Row([.. group], columns)).ToList();
        return [.. rows.Select(row => row with { Difference = Difference(row, [.. rows.Where(other => other.Family == row.Family)]) })];
    }

    Row Row(RunRecord[] runs, IReadOnlyList<Column> columns)
    {
        RunRecord[] newest = [.. runs.GroupBy(run => run.Trial.Seed).OrderBy(group => group.Key)
            .Select(group => group.OrderByDescending(run => run.Started).ThenByDescending(run => run.RunId, StringComparer.Ordinal).First())];
        var first = newest[0];
        Cell[] cells = [.. columns.Select(column => new Cell([.. newest.Where(run => run.State == RunState.Ok)
            .Select(run => (Run: run, Value: column.Read(run))).Where(pair => pair.Value is not null).Select(pair => (pair.Run, pair.Value!))]))];
        return new Row(first.Trial.Family, family(first.Trial.Family), first.Device.Id, first.Trial.Threads, newest, cells) { Replaced = runs.Length - newest.Length };
    }

    /// <summary>The hyper-parameters, device and threads by which a family's rows differ.</summary>
    static string Difference(Row row, Row[] siblings)
    {
        var members = Words.Members(row.Configuration).ToArray();
        var others = siblings.Select(sibling => Words.Members(sibling.Configuration).ToDictionary(member => member.Name, member => member.Value)).ToArray();
        var parts = members.Where(member => others.Any(other => !other.TryGetValue(member.Name, out var value) || value != member.Value))
            .Select(member => $"{member.Name} {member.Value}").ToList();
        if (siblings.Any(sibling => sibling.DeviceId != row.DeviceId)) parts.Add($"on {row.DeviceId}");
        if (siblings.Any(sibling => sibling.Threads != row.Threads)) parts.Add(Words.Plural(row.Threads, "thread"));
        return string.Join(", ", parts);
    }
}
