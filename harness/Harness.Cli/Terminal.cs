using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Harness.Cli;

/// <summary>Data goes to stdout, progress and complaints to stderr. On a terminal a table is drawn, elsewhere it is Markdown.</summary>
public sealed class Terminal(TextWriter data, TextWriter messages, bool interactive)
{
    static readonly JsonSerializerOptions Indented = new(CanonicalJson.Options) { WriteIndented = true };

    public static Terminal Standard { get; } = new(Console.Out, Console.Error, !Console.IsOutputRedirected);

    public TextWriter Data { get; } = data;
    public TextWriter Messages { get; } = messages;
    public bool Interactive { get; } = interactive;
    public bool ProgressDrawn { get; } = interactive && !Console.IsErrorRedirected;

    public void Say(string message) => Messages.WriteLine(message);

    public void Fail(string message) => Messages.WriteLine($"error: {message}");

    public void Json<T>(T value) =>
        Data.WriteLine(JsonSerializer.Serialize(value, Indented));

    public void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (Interactive) Draw(columns, rows);
        else Markdown(columns, rows);
    }

    void Draw(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var column = 0; column < columns.Count; column++)
        {
            var cells = new TableColumn(columns[column].EscapeMarkup());
            table.AddColumn(IsNumeric(rows, column) ? cells.RightAligned() : cells);
        }
        foreach (var row in rows) table.AddRow([.. row.Select(cell => cell.EscapeMarkup())]);
        AnsiConsole.Write(table);
    }

    void Markdown(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((name, column) => rows.Select(row => Cell(row[column]).Length).Append(name.Length).Max()).ToArray();
        Data.WriteLine(Line(columns, widths, column => false));
        var numeric = columns.Select((_, column) => IsNumeric(rows, column)).ToArray();
        Data.WriteLine("|" + string.Join("|", widths.Select((width, column) => new string('-', width + 1) + (numeric[column] ? ":" : "-")))
            + "|");
        foreach (var row in rows) Data.WriteLine(Line(row, widths, column => numeric[column]));
    }

    static string Line(IReadOnlyList<string> cells, int[] widths, Func<int, bool> right)
    {
        var line = new StringBuilder("|");
        for (var column = 0; column < cells.Count; column++)
        {
            var cell = Cell(cells[column]);
            line.Append(' ').Append(right(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])).Append(" |");
        }
        return line.ToString();
    }

    static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|");

    static bool IsNumeric(IReadOnlyList<IReadOnlyList<string>> rows, int column) =>
        rows.Count > 0 && rows.All(row => row[column].Length == 0 || row[column] == "–" || char.IsAsciiDigit(row[column][0])
            || row[column][0] == '-')
        && rows.Any(row => row[column].Length > 0 && char.IsAsciiDigit(row[column].TrimStart('-') is { Length: > 0 } rest ? rest[0] : ' '));
}
