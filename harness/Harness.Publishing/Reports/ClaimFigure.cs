using System.Text;
using Harness.Publishing.Plots;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The figure of a report: paper and ours, claim by claim, for the claims in percent.</summary>
static class ClaimFigure
{
    public static IReadOnlyList<ClaimResult> Drawn(Report report) =>
        [.. report.Results.Where(result => result.Claim.Unit == "%")];

    public static void Data(Report report, TextWriter writer)
    {
        writer.Write("claim,paper_percent,ours_percent,low_percent,high_percent\r\n");
        foreach (var result in Drawn(report))
            writer.Write(string.Join(',', Downloads.Csv.Field(result.Claim.Id), Scale.Exact(result.Claim.Value), Percent(result,
                result.Value),
                Percent(result, result.Low), Percent(result, result.High)) + "\r\n");
    }

    /// <summary>The drawing alone, with the few styles it needs, so that it stands in a paper or a slide.</summary>
    public static Page Page(string path, Report report) => new(path, async (renderer, stream, _) =>
    {
        using var html = new MemoryStream();
        await renderer.WriteAsync<ClaimPlot>(new Location(path), report, html);
        var text = Encoding.UTF8.GetString(html.GetBuffer(), 0, (int)html.Length);
        var (from, to) = (text.IndexOf("<svg", StringComparison.Ordinal), text.IndexOf("</svg>", StringComparison.Ordinal));
        await using var writer = OutputFolder.Writer(stream);
        writer.Write(from < 0 ? Nothing : text[from..to].Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ",
            StringComparison.Ordinal)
            .Insert(text[from..to].IndexOf('>') + " xmlns=\"http://www.w3.org/2000/svg\"".Length + 1, Style) + "</svg>\n");
    });

    static string Percent(ClaimResult result, double? value) => value is { } number ? Scale.Exact(result.InPaperUnit(number)) : "";

    const string Nothing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><title>No claim in percent</title></svg>\n";

    const string Style = "<style>text{font:12px sans-serif;fill:#1b1f24}.grid{stroke:#d8dde3}.bar{stroke:#57606a;stroke-width:1.4}" +
        ".mark{fill:#fff;stroke:#1b1f24;stroke-width:1.8}.ours{fill:#2a5db0;stroke:#2a5db0}</style>";
}
