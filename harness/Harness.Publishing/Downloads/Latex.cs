using System.Text;
using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>A board as a LaTeX table (package booktabs). Limited runs are left out: they are not comparable.</summary>
static class Latex
{
    public static void Write(Board board, TextWriter writer)
    {
        var head = Summary.Head(board);
        writer.WriteLine(
            $"% {OneLine(board.Heading)}; protocol {OneLine(board.Protocol)}; as of {Words.AsOf(board)}; needs \\usepackage{{booktabs}}");
        writer.WriteLine("\\begin{tabular}{lll" + new string('r', head.Count - 3) + "}");
        writer.WriteLine("\\toprule");
        Line(writer, head);
        writer.WriteLine("\\midrule");
        foreach (var row in board.Rows) Line(writer, Summary.Row(board, row));
        writer.WriteLine("\\bottomrule");
        writer.WriteLine("\\end{tabular}");
    }

    static void Line(TextWriter writer, IEnumerable<string> fields) =>
        writer.WriteLine(string.Join(" & ", fields.Select(Escape)) + " \\\\");

    static string OneLine(string text) => text.ReplaceLineEndings(" ");

    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
            _ = c switch
            {
                '\\' => escaped.Append(@"\textbackslash{}"), '~' => escaped.Append(@"\textasciitilde{}"), '^' =>
                    escaped.Append(@"\textasciicircum{}"),
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => escaped.Append('\\').Append(c),
                '<' => escaped.Append("$<$"), '>' => escaped.Append("$>$"), '±' => escaped.Append(@"$\pm$"), 'µ' =>
                    escaped.Append(@"$\mu$"),
                '−' => escaped.Append("$-$"), '\r' or '\n' => escaped.Append(' '), _ => escaped.Append(c),
            };
        return escaped.ToString();
    }
}
