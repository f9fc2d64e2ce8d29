namespace Harness.Publishing.Boards;

/// <summary>One page of a board. A board with more rows than a page bears goes on on further pages.</summary>
public sealed record BoardView(Board Board, int Number)
{
    /// <summary>With more, a page is not usable within a second on a slow machine: laying out a row costs more than reading it.</summary>
    public const int RowsPerPage = 50;

    public int Count => Math.Max(1, (Board.Rows.Count + RowsPerPage - 1) / RowsPerPage);
    public int First => (Number - 1) * RowsPerPage;
    public IReadOnlyList<Row> Rows => [.. Board.Rows.Skip(First).Take(RowsPerPage)];
    public string Page => PageOf(Number);

    public string PageOf(int number) => number == 1 ? Board.Page : Board.File($"page{number}.html");

    /// <summary>The rows of a further page as a script, so that the first page can sort and filter over all of them, even from <c>file://
    /// </c>. </summary>
    public string Script => Board.File($"rows{Number}.js");

    /// <summary>The HTML id of a board's table, or of its table of limited runs.</summary>
    public static string TableOf(Board board, bool limited = false) => board.Key.Replace('.', '-') + (limited ? "-limited" : "");

    /// <summary>Where a row stands: the page of its table and the row's id there.</summary>
    public static string AddressOf(Board board, Row row)
    {
        var limited = row.Trial.Limit is not null;
        var place = limited ? 0 : board.Rows.ToList().FindIndex(other => other.Key == row.Key);
        return $"{new BoardView(board, (place / RowsPerPage) + 1).Page}#{TableOf(board, limited)}--{row.Key}";
    }

    public static IEnumerable<BoardView> Of(Board board) => Enumerable.Range(1, new BoardView(board, 1).Count)
        .Select(i => new BoardView(board, i));
}
