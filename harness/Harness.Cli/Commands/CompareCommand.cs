using System.CommandLine;
using Harness.Core.Scoring;
using Harness.Statistics;

namespace Harness.Cli.Commands;

/// <summary>Compares two runs on the same samples.</summary>
static class CompareCommand
{
    public static Command Create(Settings settings)
    {
        var first = new Argument<string>("first") { Description = "Run id, the end of one, or `latest`." };
        var second = new Argument<string>("second") { Description = "The other run." };
        var margin = new Option<double>("--margin")
        {
            Description = "Largest difference of the share of right answers that does not matter.", DefaultValueFactory = _ => 0.005,
        };
        var command = new Command("compare", "Compare two runs sample by sample: who is better, and is it more than chance?")
        {
            first, second, margin,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var one = await Stores.FindAsync(workspace, parsed.GetValue(first)!, detail: true, cancellation);
            var other = await Stores.FindAsync(workspace, parsed.GetValue(second)!, detail: true, cancellation);
            var comparison = Compare(one, other, parsed.GetValue(margin));
            var verdict = Judge(comparison);
            if (workspace.Json) workspace.Terminal.Json(new { First = one.RunId, Second = other.RunId, comparison, verdict });
            else Print(workspace.Terminal, one, other, comparison);
            return ExitCodes.Ok;
        });
        return command;
    }

    static PairedComparison Compare(RunRecord one, RunRecord other, double margin)
    {
        if (one.Trial.Protocol != other.Trial.Protocol)
            throw new HarnessException($"{Short(one)} is on {one.Trial.Protocol} and {Short(other)} on {other.Trial.Protocol}: "
                + "only runs of one protocol compare.");
        var answers = other.Samples.ToDictionary(row => row.Sample);
        var pairs = one.Samples.Where(row => row.Correct is not null && answers.GetValueOrDefault(row.Sample)?.Correct is not null)
            .Select(row => (First: row.Correct!.Value, Second: answers[row.Sample].Correct!.Value)).ToList();
        if (pairs.Count < 2)
            throw new HarnessException(
                $"{Short(one)} and {Short(other)} share {pairs.Count} samples that can be right or wrong; at least 2 are needed. "
                + "Failed runs have no predictions, and clusterings have no right answer per sample.");
        return PairedComparison.OfCorrect([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)], margin);
    }

    static Verdict Judge(PairedComparison comparison) => comparison.Judge(Direction.Higher);

    static void Print(Terminal terminal, RunRecord one, RunRecord other, PairedComparison comparison)
    {
        terminal.Table(["", Short(one), Short(other), "difference"],
        [
            ["right", Numbers.Of(comparison.First, "share"), Numbers.Of(comparison.Second, "share"), Points(comparison.Difference)],
            ["only this one right", $"{comparison.OnlyFirst}", $"{comparison.OnlySecond}",
                $"{comparison.OnlySecond - comparison.OnlyFirst}"],
            .. one.Metrics.Join(other.Metrics, metric => metric.Metric, metric => metric.Metric, (before, after) => (IReadOnlyList<string>)
            [
                before.Metric, Numbers.Of(before.Value, before.Unit), Numbers.Of(after.Value, after.Unit),
                before.Value == 0 ? "–" : $"{100 * (after.Value / before.Value - 1):+0.0;-0.0;0} %",
            ]),
        ]);
        terminal.Say($"{comparison.Samples} shared samples; difference {Points(comparison.Difference)}, 95 % interval "
            + $"{Points(comparison.Interval.Low)} to {Points(comparison.Interval.High)} (Tango's score interval); "
            + $"exact McNemar p = {comparison.P:G3}");
        if (DeviceAgreement.Compares(one, other))
        {
            var equivalence = DeviceAgreement.Of(one, other);
            terminal.Say($"one trial on {one.Device.Id} and {other.Device.Id}: {100 * equivalence.Agreement:0.##} % of answers agree, "
                + $"largest divergence {equivalence.Divergence?.ToString("G3") ?? "not defined"}"
                + (equivalence.Warning is { } warning ? $"; WARNING: {warning}" : ""));
        }
        terminal.Say($"verdict on {Short(other)}: {Judge(comparison).ToString().ToLowerInvariant()} "
            + $"(margin {Points(comparison.Margin)}; one seed each says nothing about retraining)");
    }

    static string Points(double share) => $"{100 * share:+0.00;-0.00;0.00} points";

    static string Short(RunRecord run) => $"{run.Trial.Family.Split('@')[0]}/{run.RunId[^6..]}";
}
