using System.Globalization;
using System.Text.Json;

namespace Suites.Fisbe.Reports;

/// <summary>A row of the official leaderboard: reported by its authors, never run here.</summary>
/// <param name="Set">combined, or completely: the test images that are labelled so.</param>
public sealed record ReportedRow(string Set, string Method, double S, double AvF1, double Coverage, double ClDice, double TruePositives,
    int FalseSplits, int FalseMerges);

/// <summary>What others report. It is shown beside our numbers and never among them.</summary>
/// <param name="Origin">Where the rows are from.</param>
public sealed record Leaderboard(string Origin, string Link, IReadOnlyList<ReportedRow> Rows)
{
    static readonly string[] Columns = ["Method", "S", "avF1", "C", "clDice_TP", "tp", "FS", "FM"];

    public static Leaderboard Reported { get; } = Read();

    /// <summary>One table for each set of test images, numbers as published.</summary>
    public IReadOnlyList<ReportedTable> Tables => [.. Rows.GroupBy(row => row.Set).Select(set =>
        new ReportedTable($"FISBe test images, {set.Key}", Origin, Link, Columns, [.. set.Select(Cells)]))];

    static IReadOnlyList<string> Cells(ReportedRow row) =>
    [
        row.Method, Text(row.S), Text(row.AvF1), Text(row.Coverage), Text(row.ClDice), Text(row.TruePositives), $"{row.FalseSplits}",
        $"{row.FalseMerges}",
    ];

    static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    static Leaderboard Read()
    {
        using var stream = typeof(Leaderboard).Assembly.GetManifestResourceStream("leaderboard.json")!;
        return JsonSerializer.Deserialize<Leaderboard>(stream, CanonicalJson.Options)!;
    }
}
