namespace Harness.Publishing.Reports;

/// <summary>
/// Evidence for the artifact badges of the ACM (version 1.1). It never awards one: reviewers do. “Available” needs an archive with an
/// identifier, “Results Reproduced” needs somebody other than the authors; both are stated as open until they are given.
/// </summary>
static class Badges
{
    public static void Write(Report report, TextWriter writer)
    {
        var clean = report is { Dirty: false, Attempts.Count: > 0 };
        writer.Write(CanonicalJson.Write(new
        {
            Schema = "harness-badges 1",
            Paper = report.Set.Id,
            Badges = new object[]
            {
                new { Badge = "Artifacts Available", Evidence = "archive-manifest.sha256 lists every file for an archive.",
                    Open = "Deposit it and state its DOI." },
                new
                {
                    Badge = "Artifacts Evaluated – Functional", Evidence = clean ? "reproduce.sh smoke runs from a clean checkout."
                        : "none",
                    Open = clean ? null : "There are no runs, or some had uncommitted changes.",
                },
                new
                {
                    Badge = "Artifacts Evaluated – Reusable",
                    Evidence =
                        "Families are records with documented parameters; claims are data with tolerance; "
                            + "datasets carry Croissant metadata.",
                    Open = clean ? null : "There are no runs, or some had uncommitted changes.",
                },
                new
                {
                    Badge = "Results Reproduced",
                    Evidence = $"{report.Count(ClaimVerdict.Reproduced)} of {report.Results.Count} claims of the paper "
                        + "lie within tolerance in runs made here.",
                    Open = "Valid only if these runs were made by others than the authors of the paper; state by whom and when.",
                },
            },
        }));
    }
}
