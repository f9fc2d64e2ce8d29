using System.Text.Json;

namespace Suites.Fisbe.Reports;

/// <summary>A row of the official leaderboard: reported by its authors, never run here.</summary>
/// <param name="Set">combined, or completely: the test images that are labelled so.</param>
public sealed record ReportedRow(string Set, string Method, double S, double AvF1, double Coverage, double ClDice, double TruePositives,
    int FalseSplits, int FalseMerges);

/// <summary>What others report. It is shown beside our numbers and never among them.</summary>
/// <param name="Origin">Where the rows are from.</param>
public sealed record Leaderboard(string Origin, IReadOnlyList<ReportedRow> Rows)
{
    public static Leaderboard Reported { get; } = Read();

    static Leaderboard Read()
    {
        using var stream = typeof(Leaderboard).Assembly.GetManifestResourceStream("leaderboard.json")!;
        return JsonSerializer.Deserialize<Leaderboard>(stream, CanonicalJson.Options)!;
    }
}
