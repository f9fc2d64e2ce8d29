using System.CommandLine;
using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Meters;
using Harness.Core.Scoring;
using Harness.Publishing;
using Harness.Publishing.Boards;
using Harness.Publishing.Fleet;
using Harness.Results;
using Quantities = Harness.Agent.Measuring.Quantities;

namespace Harness.Cli.Commands;

/// <summary>Writes the static site.</summary>
static class PublishCommand
{
    /// <summary>The shell commands that repeat a run.</summary>
    public static string Reproduce(RunRecord run) => $"git checkout {run.Provenance.Commit}\n./run reproduce {run.RunId}";

    // The reference of a comparison is an old build, or a copy of one: no result of its day.
    static bool IsResult(RunRecord run) => run.Pair is null or { Arm: PairPlace.Head };

    public static Command Create(Settings settings)
    {
        var output = new Option<DirectoryInfo?>("--output", "-o")
        {
            Description = "Folder of the site (default: artifacts/site of the checkout).",
        };
        var fleet = new Option<FileInfo[]>("--fleet")
        {
            Description = "Snapshots of a fleet (`harness device list --json`), for states, clocks and the history of health checks.",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("publish", "Write the leaderboard as a static site that opens in any browser.") { output, fleet };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var folder = parsed.GetValue(output) ?? new DirectoryInfo(Path.Combine(Settings.Checkout(), "artifacts", "site"));
            var runs = (await Stores.ReadAllAsync(workspace, new(), cancellation)).FindAll(IsResult);
            if (runs.Count == 0) throw new HarnessException("There are no runs to publish: make some with `harness run --plan demo`.");
            // The page is as new as its newest run, so that the same results give the same bytes.
            var view = new ResultView(runs, workspace.Catalogue.Source, runs.Max(run => run.Ended));
            var publisher = new Publisher
            {
                Reproduce = Reproduce,
                Details = new RunDetails(run => CanonicalJson.Hash(run), (run, token) => Stores.ReadWholeAsync(workspace, run, token)),
                Quantities = [.. DerivedMetrics.Cards, .. DeviceAgreement.Cards, .. Devices.EnergyModels.Select(model => model.Card),
                    .. Quantities.All,
                    .. MeterQuantities.All],
                EnergyModels = Devices.AllEnergyModels,
                Fleet = [.. (parsed.GetValue(fleet) ?? []).Select(FleetSnapshot.Read)],
                Confirmed = await Stores.FindingsAsync<Alert>(workspace, cancellation),
            };
            var publication = await publisher.PublishAsync(view, folder, cancellation);
            workspace.Terminal.Say($"{runs.Count} runs, {publication.Files.Count} files, {publication.Changed} written, "
                + $"{publication.Kept} kept as they were");
            await workspace.Terminal.Data.WriteLineAsync(new Uri(publication.Index.FullName).AbsoluteUri);
            return ExitCodes.Ok;
        });
        return command;
    }
}
