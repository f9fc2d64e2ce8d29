namespace Harness.Publishing.Boards;

/// <summary>One page of a board. A board with more rows than a page bears goes on on further pages.</summary>
public sealed record BoardView(Board Board, int Number)
{
    public const int RowsPerPage = 150;

    public int Count => Math.Max(1, (Board.Rows.Count + RowsPerPage - 1) / RowsPerPage);
    public IReadOnlyList<Row> Rows => [.. Board.Rows.Skip((Number - 1) * RowsPerPage).Take(RowsPerPage)];
    public string Page => PageOf(Number);

    public string PageOf(int number) => number == 1 ? Board.Page : Board.File($"page{number}.html");

    /// <summary>The rows of a further page as a script, so that the first page can sort and filter over all of them, even from <c>file://
    /// </c>. </summary>
    public string Script => Board.File($"rows{Number}.js");

    public static IEnumerable<BoardView> Of(Board board) => Enumerable.Range(1, new BoardView(board, 1).Count)
        .Select(i => new BoardView(board, i));
}
