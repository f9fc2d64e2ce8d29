using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>
/// The items of the NeurIPS paper checklist that records can answer, filled in from them; what only an author can answer says so and stays
/// open.
/// </summary>
static class Checklist
{
    const string Author = "TODO by the authors: records cannot answer this.";

    public static void Write(Report report, TextWriter writer)
    {
        writer.WriteLine($"# NeurIPS paper checklist, pre-filled from records ({report.Set.Id})\n");
        foreach (var (item, answer, evidence) in Items(report)) writer.WriteLine($"- **{item}** [{answer}]\n  {evidence}");
    }

    static IEnumerable<(string Item, string Answer, string Evidence)> Items(Report report)
    {
        var licences = report.Datasets.Select(card => $"{card.Protocol}: {card.Licence}").ToArray();
        yield return ("Claims", "TODO", $"{ReportWords.Summary(report)} {Author}");
        yield return ("Limitations", "Yes", "Section “Limitations” of report.md.");
        yield return ("Theory assumptions and proofs", "TODO", Author);
        yield return ("Experimental result reproducibility", report.Dirty ? "No" : "Yes", report.Dirty
            ? "Some runs had uncommitted changes; run them again from a clean checkout."
            : "Each run has its commit, configuration, seed and command; reproduce.sh repeats them.");
        yield return ("Open access to data and code", report.Datasets.All(card => card.Files.All(file => file.Url is not null)) ? "Yes"
            : "TODO",
            "croissant/ names every file with hash and source. " + (report.Datasets.Any(card => card.Files.Any(file => file.Url is null))
                ? "Some files state no address." : "Code: the commits in the run records."));
        yield return ("Experimental setting and details", report.Attempts.Count > 0 ? "Yes" : "N/A",
            "runs/*.json hold every hyper-parameter, the split rule is in croissant/, selection uses the validation split only.");
        yield return ("Experiment statistical significance", report.Seeds > 1 ? "Yes" : report.Seeds == 1 ? "No" : "N/A", report.Seeds > 1
            ? $"Means over up to {report.Seeds} seeds with intervals over test samples; see “Statistics”."
                : "At most one seed a claim: no spread over seeds.");
        yield return ("Experiments compute resources", report.Attempts.Count > 0 ? "Yes" : "N/A",
            "Section “Compute”: total time, failed and replaced runs included.");
        yield return ("Code of ethics", "TODO", Author);
        yield return ("Broader impacts", "TODO", Author);
        yield return ("Safeguards", "TODO", Author);
        yield return ("Licenses for existing assets", report.Datasets.Count > 0 ? "Yes" : "N/A", licences.Length == 0
            ? "No dataset was used." : string.Join("; ", licences));
        yield return ("New assets", "Yes", "ro-crate-metadata.json describes runs and files of this report.");
        yield return ("Crowdsourcing and research with human subjects", "TODO", Author);
        yield return ("Institutional review board approvals", "TODO", Author);
        yield return ("Declaration of LLM usage", "TODO", Author);
    }
}
