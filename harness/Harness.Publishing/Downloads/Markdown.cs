using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>A board as a Markdown pipe table.</summary>
static class Markdown
{
    public static void Write(Board board, TextWriter writer)
    {
        writer.WriteLine($"# {Escape(board.Heading)}\n");
        writer.WriteLine($"Protocol {Escape(board.Protocol)}, as of {Words.AsOf(board)}. Mean ± standard deviation over seeds.\n");
        Table(board, board.Rows, writer);
        if (board.Limited.Count == 0) return;
        writer.WriteLine("\n## Limited runs (not comparable with full ones)\n");
        Table(board, board.Limited, writer);
    }

    static void Table(Board board, IReadOnlyList<Row> rows, TextWriter writer)
    {
        var head = Summary.Head(board);
        Line(writer, head);
        writer.WriteLine("|" + string.Concat(head.Select((_, i) => i < 3 ? " --- |" : " ---: |")));
        foreach (var row in rows) Line(writer, Summary.Row(board, row));
    }

    static void Line(TextWriter writer, IEnumerable<string> fields) => writer.WriteLine("| " + string.Join(" | ", fields.Select(Escape))
        + " |");

    public static string Escape(string text)
    {
        foreach (var special in (ReadOnlySpan<string>)["\\", "`", "*", "_", "[", "]", "<", ">", "|", "#"]) text = text.Replace(special,
            "\\" + special);
        return text.ReplaceLineEndings(" ");
    }
}
