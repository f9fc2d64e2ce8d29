using System.Text;
using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>What to cite for a board: the board itself, the dataset, and the paper of each family. Free-text citations go into <c>note
/// </c>. </summary>
static class Bibtex
{
    public static void Write(Board board, TextWriter writer)
    {
        Entry(writer, $"board-{board.Key}", board.Heading,
            ("note", $"Harness leaderboard, protocol {board.Protocol}, as of {Words.AsOf(board)}"));
        if (board.Dataset is { } dataset) Entry(writer, $"dataset-{Slug.Of(board.Protocol)}", dataset.Title, ("note", dataset.Citation));
        foreach (var row in board.All.DistinctBy(row => row.Family).Where(row => row.Card?.Paper is not null).OrderBy(row => row.Family,
            StringComparer.Ordinal))
            Entry(writer, $"family-{Slug.Of(row.Family)}", row.Title, ("note", row.Card!.Paper!),
                ("howpublished", Words.WebAddressOrNull(row.Card.Link)));
    }

    static void Entry(TextWriter writer, string key, string title, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        writer.WriteLine($"@misc{{{key},");
        writer.WriteLine($"  title = {{{Escape(title)}}},");
        foreach (var (name, value) in fields)
            if (value is not null) writer.WriteLine($"  {name} = {{{Escape(value)}}},");
        writer.WriteLine("}\n");
    }

    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text.ReplaceLineEndings(" "))
            _ = c switch
            {
                '\\' => escaped.Append(@"\textbackslash "), '{' => escaped.Append(@"\textbraceleft "), '}' =>
                    escaped.Append(@"\textbraceright "),
                '&' or '%' or '$' or '#' or '_' => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        return escaped.ToString();
    }
}
