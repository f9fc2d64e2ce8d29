using System.CommandLine;
using System.Globalization;
using Suites.Fisbe.Reports;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Harness.Cli.Commands;

/// <summary>Scores predictions of FISBe with the official metrics.</summary>
static class FisbeCommand
{
    static readonly string[] Columns = ["S", "avF1", "C", "clDice_TP", "tp", "FS", "FM"];

    public static Command Create(Settings settings)
    {
        var command = new Command("fisbe", "FISBe: score instance segmentations of neurons as the official evaluator does.");
        command.Subcommands.Add(Score(settings));
        command.Subcommands.Add(Stability(settings));
        command.Subcommands.Add(Reported(settings));
        return command;
    }

    static Command Score(Settings settings)
    {
        var prediction = new Argument<string>("prediction") { Description = "Predicted labels: Zarr, HDF5 or TIFF, or a folder of them." };
        var truth = new Argument<string>("truth") { Description = "Ground truth of the same sample, or a folder with one for each." };
        var options = new FisbeOptions();
        var command = new Command("score", "Score one prediction, or every prediction of a folder.") { prediction, truth };
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var scoring = new FisbeScoring(options.Of(parsed), workspace.Terminal, cancellation);
            var run = scoring.Run(SampleFiles.Pair(parsed.GetValue(prediction)!, parsed.GetValue(truth)!));
            if (options.OutputOf(parsed) is { } output) FisbeFiles.Write(run, output, options.Of(parsed), workspace.Terminal);
            Print(workspace, run);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static Command Stability(Settings settings)
    {
        var runs = new Argument<string[]>("runs") { Description = "Three folders of predictions, one for each training.",
            Arity = new(StabilityCsv.Runs, StabilityCsv.Runs) };
        var truth = new Option<string>("--truth") { Description = "Folder of ground truths.", Required = true };
        var options = new FisbeOptions();
        var command = new Command("stability", "Score three trainings of a method: mean and deviation of every number.") { runs, truth };
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var scoring = new FisbeScoring(options.Of(parsed), workspace.Terminal, cancellation);
            RunScores[] scored = [.. parsed.GetValue(runs)!.Select(folder =>
                scoring.Run(SampleFiles.Pair(folder, parsed.GetValue(truth)!)))];
            if (options.OutputOf(parsed) is { } output) FisbeFiles.Write(scored, output, options.Of(parsed), workspace.Terminal);
            workspace.Print(["set", "number", "mean", "deviation"], StabilityCsv.Lines(scored),
                line => [line.Mode, line.Metric, Text(line.Mean), Text(line.Deviation)]);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static Command Reported(Settings settings)
    {
        var command = new Command("leaderboard", "The official leaderboard: reported by the authors of the methods, not run here.");
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            workspace.Terminal.Say($"reported, not run here: {Leaderboard.Reported.Origin}");
            workspace.Print(["test images", "method", .. Columns], Leaderboard.Reported.Rows, row => [row.Set, row.Method, Text(row.S, 2),
                Text(row.AvF1, 2), Text(row.Coverage, 2), Text(row.ClDice, 2), Text(row.TruePositives, 2), $"{row.FalseSplits}",
                    $"{row.FalseMerges}"]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static void Print(Workspace workspace, RunScores run)
    {
        if (workspace.Json)
        {
            workspace.Terminal.Json(FisbeJson.Of(run));
            return;
        }
        (string Name, SetScores? Scores)[] sets = [("complete", run.Complete), ("partly", run.Partly),
            (run.Complete is null ? "all" : "combined", run.Combined)];
        var samples = run.Samples.Select(sample => (IReadOnlyList<string>)[sample.Name + (sample.Partly ? " (partly)" : ""),
            .. Cells(SetScores.Of([sample.Scores]))]);
        var pooled = run.Samples.Count == 1 ? [] : sets.Where(set => set.Scores is not null)
            .Select(set => (IReadOnlyList<string>)[set.Name, .. Cells(set.Scores!)]);
        workspace.Terminal.Table(["sample", .. Columns, "neurons", "predicted"], [.. samples, .. pooled]);
        if (run.Samples.Count == 1) Instances(workspace.Terminal, run.Samples[0].Scores);
    }

    static void Instances(Terminal terminal, VolumeScores scores) => terminal.Table(
        ["side", "id", "channel", "label", "voxels", "centreline", "covered", "best", "clDice", "matched", "pieces"],
        [.. scores.Instances.Select(row => (IReadOnlyList<string>)[row.Side, $"{row.Id}", $"{row.Channel}", $"{row.Label}", $"{row.Voxels}",
            $"{row.SkeletonVoxels}", Text(row.Overlapped), row.Other == 0 ? "–" : $"{row.Other}", Text(row.ClDice),
            row.Matched == 0 ? "–" : $"{row.Matched}", row.Pieces.Count == 0 ? "–" : string.Join(' ', row.Pieces)])]);

    static IEnumerable<string> Cells(SetScores scores) =>
    [
        Text(scores.S), Text(scores.AverageF1), Text(scores.Coverage), Text(scores.ClDiceOfMatches), Text(scores.TruePositiveShare),
        $"{scores.FalseSplits}", $"{scores.FalseMerges}", $"{scores.Truths}", $"{scores.Predictions}",
    ];

    static string Text(double value, int digits = 4) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture);
}
