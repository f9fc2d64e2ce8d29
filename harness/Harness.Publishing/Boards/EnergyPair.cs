namespace Harness.Publishing.Boards;

/// <summary>One row with two numbers for the same joules: an estimate and a measurement.</summary>
public sealed record EnergyPair(Board Board, Row Row, int Estimate, int Other)
{
    public Cell EstimateCell => Row.Cells[Estimate];
    public Cell OtherCell => Row.Cells[Other];
    public double Ratio => OtherCell.Mean / EstimateCell.Mean;

    /// <summary>Every row that states an analytic estimate (E1) and a measurement (E2 or better).</summary>
    public static IReadOnlyList<EnergyPair> Measured(IEnumerable<Board> boards) =>
        [.. Pairs(boards).Where(pair => pair.EstimateCell.Tier == "E1" && string.CompareOrdinal(pair.OtherCell.Tier, "E2") >= 0)];

    static IEnumerable<EnergyPair> Pairs(IEnumerable<Board> boards) =>
        from board in boards
        let columns = Enumerable.Range(0, board.Columns.Count).Where(i => board.Columns[i].Energy).ToArray()
        from one in columns
        from other in columns
        where one != other
        from row in board.Rows
        where row.Cells[one] is { Any: true, Mean: > 0 } && row.Cells[other] is { Any: true, Mean: > 0 }
        select new EnergyPair(board, row, one, other);
}
