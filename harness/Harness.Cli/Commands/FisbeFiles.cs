using Suites.Fisbe.Reports;
using Suites.Fisbe.Scoring;

namespace Harness.Cli.Commands;

/// <summary>Writes scores as files in the official layout, and the table of instances beside them.</summary>
static class FisbeFiles
{
    public static void Write(RunScores run, DirectoryInfo folder, FisbeChoices choices, Terminal terminal)
    {
        folder.Create();
        foreach (var sample in run.Samples) Text(folder, NameOf(sample.Name, choices), SampleToml.Write(sample.Scores));
        Text(folder, "summary.csv", SummaryCsv.Write(run.Samples, run.Combined));
        if (run is { Complete: { } complete, Partly: { } partly })
        {
            Text(folder, "summary_complete.csv", SummaryCsv.Write(run.Samples.Where(sample => !sample.Partly), complete));
            Text(folder, "summary_partly.csv", SummaryCsv.Write(run.Samples.Where(sample => sample.Partly), partly));
        }
        Text(folder, "instances.csv", InstanceCsv.Write(run.Samples));
        terminal.Say($"wrote {run.Samples.Count} TOML files, summary.csv and instances.csv to {folder.FullName}");
    }

    public static void Write(IReadOnlyList<RunScores> runs, DirectoryInfo folder, FisbeChoices choices, Terminal terminal)
    {
        foreach (var (index, run) in runs.Index()) Write(run, folder.CreateSubdirectory($"seed_{index + 1}"), choices, terminal);
        Text(folder, "stability_report.csv", StabilityCsv.Write(runs));
        terminal.Say($"wrote stability_report.csv to {folder.FullName}");
    }

    // The official evaluator looks for its own files by this name.
    static string NameOf(string sample, FisbeChoices choices) =>
        $"{sample}_{choices.PredictionKey.Replace('/', '_')}_cldice_greedy{(choices.Smallest > 0 ? $"_rm{choices.Smallest}" : "")}.toml";

    static void Text(DirectoryInfo folder, string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
}
