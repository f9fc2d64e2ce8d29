using Harness.Publishing.Downloads;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The report as Markdown: the same sections as the page.</summary>
static class ReportMarkdown
{
    public static void Write(Report report, TextWriter writer)
    {
        var set = report.Set;
        writer.WriteLine($"# Reproducibility report: {Markdown.Escape(set.Title)}\n");
        writer.WriteLine($"{Markdown.Escape(set.Authors)}, {Markdown.Escape(set.Venue)} {set.Year}. " +
            $"Results as of {Words.Time(report.At)}.\n");
        writer.WriteLine(ReportWords.Summary(report) + "\n");
        if (set.Note is { } note) writer.WriteLine($"{Markdown.Escape(note)}\n");
        Table(writer, "Claims", ["Claim", "Where", "Paper", "Ours", "Seeds", "Verdict", "Difference"], report.Results.Select(result => new[]
        {
            result.Claim.Statement, result.Claim.Where, result.Paper, result.Ours, $"{result.Runs.Count}",
            result.Word + (result.Changed ? " (CHANGED since it was recorded)" : ""), result.Claim.Difference ?? "none stated",
        }));
        Table(writer, "What was run", ["Run", "Family", "Protocol", "Seed", "State", "Used"], report.Attempts.Select(run => new[]
        {
            run.RunId, run.Trial.Family, run.Trial.Protocol, $"{run.Trial.Seed}", Words.Of(run.State) + (run.Reason is { } reason
                ? $": {reason}" : ""),
            report.Used.Contains(run.RunId) ? "yes" : "no",
        }));
        Table(writer, "Datasets", ["Protocol", "Title", "Licence", "Split", "Files"], report.Datasets.Select(card => new[]
        {
            card.Protocol, card.Title + (card.StandIn ? " (stand-in)" : ""), card.Licence, card.SplitRule, string.Join(", ",
                card.Files.Select(file => $"{file.Name} {file.Hash}")),
        }));
        foreach (var (title, text) in ReportWords.Sections(report)) writer.WriteLine($"## {title}\n\n{Markdown.Escape(text)}\n");
    }

    static void Table(TextWriter writer, string title, string[] head, IEnumerable<string[]> rows)
    {
        writer.WriteLine($"## {title}\n");
        var lines = rows.ToArray();
        if (lines.Length == 0) { writer.WriteLine("None.\n"); return; }
        writer.WriteLine($"| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(_ => " --- |"))}");
        foreach (var row in lines) writer.WriteLine($"| {string.Join(" | ", row.Select(Markdown.Escape))} |");
        writer.WriteLine();
    }
}
