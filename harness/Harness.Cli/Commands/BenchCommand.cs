using System.CommandLine;
using System.Globalization;
using Harness.Detection.Deciding;
using Harness.Detection.Fleet;

namespace Harness.Cli.Commands;

/// <summary>Benchmarks of the harness itself.</summary>
static class BenchCommand
{
    const int ScoreTrials = 2000;

    public static Command Create(Settings settings) =>
        new("bench", "Benchmark the harness's own parts.") { Detector(settings) };

    static Command Detector(Settings settings)
    {
        var series = new Option<int>("--series") { Description = "Simulated series.", DefaultValueFactory = _ => 1000 };
        var nights = new Option<int>("--nights") { Description = "Nights of each series, at least 30.", DefaultValueFactory = _ => 60 };
        var seed = new Option<string>("--seed") { Description = "Decides every draw.", DefaultValueFactory = _ => "fleet-1" };
        var rivals = new Option<bool>("--alone") { Description = "Leave out the detectors of other tools." };
        var noise = new Option<string?>("--noise") { Description = "server, laptop or phone (default: all three)." };
        noise.AcceptOnlyFromAmong([.. NoiseModel.All.Select(model => model.Name)]);
        var command = new Command("detector", "Regression detectors on a synthetic fleet whose truth is known.")
        { series, nights, seed, rivals, noise };
        command.SetAction(async (parsed, cancellation) =>
        {
            var size = new FleetSize(parsed.GetValue(series), parsed.GetValue(nights), Seed: parsed.GetValue(seed)!);
            if (size.Series < 1 || size.Nights < 30)
                throw new HarnessException($"{size.Series} series of {size.Nights} nights: at least 1 series of 30 nights is needed.");
            var models = NoiseModel.All.Where(model => parsed.GetValue(noise) is null || model.Name == parsed.GetValue(noise));
            await RunAsync(settings.Of(parsed), size, [.. models], parsed.GetValue(rivals) ? [] : Rival.All, cancellation);
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task RunAsync(Workspace workspace, FleetSize size, IReadOnlyList<NoiseModel> models, IReadOnlyList<Rival> rivals,
        CancellationToken cancellation)
    {
        var policy = new DetectionPolicy();
        var benchmark = new DetectorBenchmark(size, policy);
        var scores = new List<DetectorScore>();
        foreach (var model in models)
            foreach (var scenario in Scenario.All)
            {
                workspace.Terminal.Say($"{model.Name}: {scenario.Name}");
                scores.AddRange(await benchmark.RunAsync(model, scenario, rivals, cancellation));
            }
        workspace.Print(["noise", "scenario", "detector", "sees", "false per 1000", "reported", "nights"], scores, Cells);
        foreach (var score in scores.Where(score => score.Scenario == Scenario.Update.Name && score.Detector == DetectorBenchmark.Ours))
            workspace.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
                $"{score.Noise}, {score.Scenario}: {score.ReportedPerThousandInTheWeek:0.00} false reports per 1000 series-nights "
                + $"of the week after it"));
        var loss = new ScoreBenchmark();
        workspace.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"accuracy, n = {loss.Samples}, {loss.Lost:P0} lost and {loss.Won:P0} won: flagged in "
            + $"{loss.Flagged(ScoreTrials, policy, size.Seed):P1} of {ScoreTrials} trials; identical predictions: "
            + $"{(loss with { Lost = 0, Won = 0 }).Flagged(ScoreTrials, policy, size.Seed):P1}"));
    }

    static IReadOnlyList<string> Cells(DetectorScore score) =>
    [
        score.Noise, score.Scenario, score.Detector, score.Paired ? "ratios" : "times", Number("0.00", score.FalsePerThousand),
        score.Scenario == Scenario.Nothing.Name ? "–" : Number("0.0", 100 * score.FoundShare) + " %",
        score.NightsToFind is { } nights ? Number("0.#", nights) : "–",
    ];

    static string Number(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
