using Harness.Publishing.Downloads;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The table of contents of a report.</summary>
static class ReportFiles
{
    public const string Html = "report.html";

    public static IEnumerable<Page> Of(Report report, Func<RunRecord, string> reproduce) =>
    [
        Page.Of<ReportPage>(Html, report),
        Page.Text("report.md", writer => ReportMarkdown.Write(report, writer)),
        Page.Text("claims.csv", writer => ClaimTables.Csv(report, writer)),
        Page.Text("tables/claims.tex", writer => ClaimTables.Latex(report, writer)),
        Page.Text("macros.tex", writer => ClaimTables.Macros(report, writer)),
        ClaimFigure.Page("figures/claims.svg", report),
        Page.Text("figures/claims.csv", writer => ClaimFigure.Data(report, writer)),
        Page.Text("checklist-neurips.md", writer => Checklist.Write(report, writer)),
        Page.Text("badges.json", writer => Badges.Write(report, writer)),
        Page.Text("ro-crate-metadata.json", writer => RoCrate.Write(report, writer)),
        .. report.Datasets.Select(card => Page.Text(CroissantPath(card), writer => Croissant.Write(card, writer))),
        Page.Text("CITATION.cff", writer => Citation.Write(report, writer)),
        Page.Text("reproduce.sh", writer => Script.Write(report, reproduce, writer)),
        .. report.Attempts.Select(run => Page.Text(RunPath(run), writer => writer.Write(CanonicalJson.Write(run)))),
        Bundle.Asset("assets/harness.css"),
    ];

    public static string RunPath(RunRecord run) => $"runs/{Slug.Of(run.RunId)}.json";
    public static string CroissantPath(DatasetCard card) => $"croissant/{Slug.Of(card.Protocol)}.json";

    public static string Program(Report report) => Digest.Of($"{typeof(Report).Module.ModuleVersionId}", report.Set.Id);
}
