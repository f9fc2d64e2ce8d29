namespace Harness.Publishing.Boards;

/// <summary>Orders rows by the mean of the primary metric and says which differences the data carry.</summary>
static class Ranking
{
    public static IReadOnlyList<Row> Of(IReadOnlyList<Row> rows, IReadOnlyList<Column> columns)
    {
        var index = columns.ToList().FindIndex(column => column.Primary);
        var ordered = rows.OrderBy(row => row.Family, StringComparer.Ordinal).ThenBy(row => row.ConfigurationHash, StringComparer.Ordinal)
            .ThenBy(row => row.DeviceId, StringComparer.Ordinal).ThenBy(row => row.Threads).ToArray();
        if (index < 0) return ordered;
        var sign = columns[index].Direction == Direction.Lower ? -1 : 1;
        var ranked = ordered.Where(row => row.Cells[index].Any).OrderByDescending(row => sign * row.Cells[index].Mean).ToArray();
        var rest = ordered.Where(row => !row.Cells[index].Any);
        return [.. ranked.Select(row => Placed(row, ranked, index, sign)), .. rest];
    }

    static Row Placed(Row row, Row[] ranked, int index, int sign)
    {
        if (ranked.Length == 1) return row with { Standing = Standing.Alone, Rank = new(1, 1) };
        var better = ranked.Count(other => Clear(other.Cells[index], row.Cells[index], sign));
        var worse = ranked.Count(other => Clear(row.Cells[index], other.Cells[index], sign));
        var rank = new RankRange(better + 1, ranked.Length - worse);
        var standing = rank is { Best: 1, Worst: 1 } ? Standing.Leads : better == 0 ? Standing.NotDistinguishable : Standing.Behind;
        return row with { Standing = standing, Rank = rank };
    }

    // Without an interval on both sides nothing may be called better.
    static bool Clear(Cell one, Cell other, int sign) =>
        one.Hull is { } a && other.Hull is { } b && (sign > 0 ? a.Low > b.High : a.High < b.Low);
}
