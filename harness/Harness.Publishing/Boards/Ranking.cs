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
        var sign = columns[index].Direction == Direction.Lower ? 1 : -1;
        var ranked = ordered.Where(row => row.Cells[index].Any).OrderBy(row => sign * row.Cells[index].Mean).ToArray();
        var rest = ordered.Where(row => !row.Cells[index].Any);
        if (ranked.Length == 1) return [ranked[0] with { Standing = Standing.Alone, Rank = 1 }, .. rest];
        return [.. ranked.Select((row, place) => Placed(row, place, ranked, index)), .. rest];
    }

    static Row Placed(Row row, int place, Row[] ranked, int index)
    {
        var meetsBest = Meets(row.Cells[index], ranked[0].Cells[index]);
        if (place > 0) return meetsBest
            ? row with { Standing = Standing.NotDistinguishable, Rank = 1 }
            : row with { Standing = Standing.Behind, Rank = place + 1 };
        var clear = ranked.Skip(1).All(other => !Meets(row.Cells[index], other.Cells[index]));
        return row with { Standing = clear ? Standing.Leads : Standing.NotDistinguishable, Rank = 1 };
    }

    // Without an interval on both sides nothing may be called better.
    static bool Meets(Cell one, Cell other) =>
        one.Hull is not { } a || other.Hull is not { } b || (a.Low <= b.High && b.Low <= a.High);
}
