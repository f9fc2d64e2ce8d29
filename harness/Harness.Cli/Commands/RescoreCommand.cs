using System.CommandLine;
using Harness.Core.Scoring;

namespace Harness.Cli.Commands;

/// <summary>Scores stored predictions again with the metrics and energy models of this build; nothing is trained or predicted.</summary>
static class RescoreCommand
{
    sealed record Change(string Run, string Family, string Protocol, string Metric, double? Stored, double? Now, string Verdict);

    static readonly string[] Verdicts = ["same", "changed", "new", "gone"];

    public static Command Create(Settings settings)
    {
        var run = new Argument<string?>("run") { Description = "Run id, the end of one, or `latest`; without it every run.",
            Arity = ArgumentArity.ZeroOrOne };
        var changed = new Option<bool>("--only-changed") { Description = "Leave out numbers that came out the same." };
        var energy = new Option<bool>("--energy") { Description = "Only the energy estimates, from the stored counts; no data is read." };
        var command = new Command("rescore", "Compute every score again from the stored predictions and say what differs.")
        {
            run, changed, energy,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var runs = parsed.GetValue(run) is { } word
                ? [await Stores.FindAsync(workspace, word, detail: true, cancellation)]
                : await Stores.ReadAllAsync(workspace, new(State: RunState.Ok, Detail: true), cancellation);
            var changes = new List<Change>();
            foreach (var stored in runs)
                changes.AddRange(parsed.GetValue(energy)
                    ? Compare(EnergyOf(stored, stored.Metrics), EnergyOf(stored, DerivedMetrics.Of(stored, Devices.EnergyModels)))
                    : Compare(stored, await Devices.Scorer(workspace).RescoreAsync(stored, cancellation)));
            var shown = parsed.GetValue(changed) ? changes.Where(change => change.Verdict != "same") : changes;
            workspace.Print(["run", "family", "protocol", "metric", "stored", "now", ""], shown,
                change => [change.Run[^6..], change.Family, change.Protocol, change.Metric, $"{change.Stored:G9}", $"{change.Now:G9}",
                    change.Verdict]);
            workspace.Terminal.Say($"{runs.Count} runs; numbers: "
                + string.Join(", ", Verdicts.Select(word => $"{changes.Count(change => change.Verdict == word)} {word}")));
            return changes.Exists(change => change.Verdict == "changed") ? ExitCodes.VerificationFailed : ExitCodes.Ok;
        });
        return command;
    }

    static RunRecord EnergyOf(RunRecord run, IReadOnlyList<MetricValue> metrics) =>
        run with { Metrics = [.. metrics.Where(metric => metric.Metric.StartsWith("energy.", StringComparison.Ordinal))] };

    static IEnumerable<Change> Compare(RunRecord stored, RunRecord now)
    {
        var before = stored.Metrics.ToDictionary(Key);
        var after = now.Metrics.ToDictionary(Key);
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (old, fresh) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            var verdict = old is null ? "new" : fresh is null ? "gone" : old.Value == fresh.Value ? "same" : "changed";
            yield return new(stored.RunId, stored.Trial.Family, stored.Trial.Protocol, key, old?.Value, fresh?.Value, verdict);
        }
    }

    static string Key(MetricValue metric) => $"{metric.Metric}@{metric.Version}";
}
