using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Parts;

/// <summary>What a board says, in a sentence.</summary>
static class BoardVerdict
{
    public static string Of(Board board)
    {
        if (board.Best is not { } best) return board.All.Any() ? "no finished full run" : "nothing has run yet";
        return best.Standing switch
        {
            Standing.Leads => $"{best.Label} leads; its interval is clear of every other row",
            Standing.Alone => $"{best.Label} is the only row with a result",
            _ => $"{Words.Plural(board.Rows.Count(row => row.Rank is { Best: 1 }), "row")} may be first: no interval is clear of theirs",
        };
    }

    public static string Leader(Board board) => board.Best is not { } best
        ? (board.All.Any() ? "no finished full run" : "nothing has run yet")
        : best.Standing != Standing.NotDistinguishable ? best.Label : Shared(board, [.. board.Rows.Where(row => row.Rank is { Best: 1 })]);

    public static string Score(Board board) => board.Best is { } best && board.PrimaryIndex >= 0
        ? $"{board.Primary!.Title} {board.Scales[board.PrimaryIndex].WithUnit(best.Cells[board.PrimaryIndex].Mean)}" : "none";

    static string Shared(Board board, Row[] first) => first.Length > 3
        ? $"{first[0].Label} and {first.Length - 1} others (not distinguishable)"
        : string.Join(", ", first.Select(row => row.Label)) + (first.Length > 1 ? " (not distinguishable)" : "");
}
