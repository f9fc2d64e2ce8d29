using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>A board as rows of plain text, for formats that people paste into papers and notes.</summary>
static class Summary
{
    public static IReadOnlyList<string> Head(Board board) =>
        ["Family", "Configuration", "Device", .. board.Columns.Select((column, i) => Unit(column.Title, board.Scales[i].Unit)), "Seeds"];

    /// <summary>One row; a quantity that was not observed says so.</summary>
    public static IReadOnlyList<string> Row(Board board, Row row) => row.Finished.Count == 0
        ? [row.Title, Configuration(row), row.DeviceId, .. board.Columns.Select((_, i) => i == 0 ? Failure(row) : "none"), Seeds(row)]
        : [row.Title, Configuration(row), row.DeviceId, .. board.Columns.Select((_, i) => Cell(board.Scales[i], row.Cells[i])), Seeds(row)];

    static string Cell(Scale scale, Cell cell) => !cell.Any ? "not measured"
        : cell.Spread is { } spread ? $"{scale.Write(cell.Mean)} ± {scale.Spread(cell.Mean, spread)}" : scale.Write(cell.Mean);

    static string Configuration(Row row) => row.Difference.Length > 0 ? row.Difference : row.ConfigurationHash;
    static string Seeds(Row row) => row.Finished.Count == row.Runs.Count ? $"{row.Runs.Count}"
        : $"{row.Finished.Count} of {row.Runs.Count}";
    static string Failure(Row row) => string.Join("; ", row.Unfinished.Select(run => Words.Of(run.State)).Distinct());
    static string Unit(string title, string unit) => unit.Length == 0 ? title : $"{title} ({unit})";
}
