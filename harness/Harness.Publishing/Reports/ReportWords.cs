using System.Globalization;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The prose of a report, worked out from its records; page and Markdown share it.</summary>
static class ReportWords
{
    public static string Summary(Report report) =>
        $"{Words.Plural(report.Results.Count, "claim")}: {report.Count(ClaimVerdict.Reproduced)} reproduced, " +
        $"{report.Count(ClaimVerdict.NotReproduced)} not reproduced, " +
        $"{report.Count(ClaimVerdict.OtherScale)} run at another scale and not judged, {report.Count(ClaimVerdict.NotRun)} not run.";

    public static IEnumerable<(string Title, string Text)> Sections(Report report)
    {
        yield return ("Statistics", "A value is the mean over the newest ok run of each seed. Its range reaches from the lowest to the " +
            "highest end of the seeds’ own intervals over test samples. What varies between runs is the seed: " +
            "initialisation, order and draws. " +
            $"At most {Words.Plural(report.Seeds, "seed")} answer a claim" +
            (report.Seeds < 5 ? "; fewer than five say little about retraining." : "."));
        yield return ("Compute",
            $"{Words.Plural(report.Attempts.Count, "run")} took {Hours(report.Hours)} on {Words.Plural(report.Devices.Count, "device")}, " +
            $"{Hours(report.HoursNotUsed)} of it in runs that no value uses: failed, replaced or partial ones. " +
            (report.EnergyTiers.Count == 0 ? "No joule is stated for any of them."
                : $"Energy per sample is stated with tier {string.Join(", ", report.EnergyTiers)}; " +
                    "total energy of whole runs was not measured."));
        yield return ("Determinism", report.Attempts.GroupBy(run => run.TrialId).Count(group => group.Count() > 1) is var repeated and > 0
            ? $"{Words.Plural(repeated, "trial")} ran more than once; {Agreeing(report)} of them " +
                "gave the same primary value to the last digit each time."
            : "No trial ran more than once, so nothing is known about how far a repetition differs.");
        yield return ("How to run it again",
            "reproduce.sh repeats every used run from its recorded commit: 'smoke' runs the shortest one, 'reduced' one seed of each, " +
            "'full' all of them.");
        yield return ("Limitations", Limits(report));
    }

    static int Agreeing(Report report) => report.Attempts.GroupBy(run => run.TrialId).Where(group => group.Count() > 1)
        .Count(group => group.Select(run => run.Metrics.FirstOrDefault(value => value.Primary)?.Value).Distinct().Count() == 1);

    static string Limits(Report report)
    {
        var limits = new List<string>();
        if (report.Dirty) limits.Add("some runs had uncommitted changes, so their commit alone does not repeat them");
        if (report.Commits.Count > 1) limits.Add($"the runs are of {report.Commits.Count} commits");
        if (report.Devices.Any(device =>
            device.Emulated)) limits.Add("some runs were on an emulated device: their times say nothing about hardware");
        if (report.Datasets.Any(card => card.StandIn)) limits.Add("some datasets stand in for ones that could not be had");
        if (report.Count(ClaimVerdict.NotRun) is var missing and > 0)
            limits.Add($"{missing} of {report.Results.Count} claims were not run");
        if (report.Count(ClaimVerdict.OtherScale) is var other and > 0)
            limits.Add($"{other} were run at another scale and say nothing for or against the paper");
        return limits.Count == 0 ? "None beyond what the tables state." : char.ToUpperInvariant(limits[0][0]) + string.Join("; ",
            limits)[1..] + ".";
    }

    static string Hours(double hours) => hours < 1 ? (hours * 60).ToString("0.0", CultureInfo.InvariantCulture) + " minutes"
        : hours.ToString("0.0", CultureInfo.InvariantCulture) + " hours";
}
