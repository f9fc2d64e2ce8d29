using System.CommandLine;
using System.Text.Json;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Runs a stored run again from its record alone and says how well the two agree.</summary>
static class ReproduceCommand
{
    public static Command Create(Settings settings)
    {
        var name = new Argument<string>("run") { Description = "Run id, the end of one, `latest`, a run folder, or a run.json file." };
        var tolerance = new Option<double>("--tolerance")
        { Description = "Largest difference of a number in a prediction that still agrees.", DefaultValueFactory = _ => 1e-3 };
        var margin = new Option<double>("--margin")
        { Description = "Largest difference of the share of right answers that does not matter.", DefaultValueFactory = _ => 0.005 };
        var command = new Command("reproduce", "Run a stored run again from its record and compare every prediction.") { name, tolerance,
            margin };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var stored = await FindAsync(workspace, parsed.GetValue(name)!, cancellation);
            Check(workspace, stored);
            using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
            if (await AgainAsync(workspace, store, stored, cancellation) is not { State: RunState.Ok } again) return ExitCodes.SomeFailed;
            var agreement = Reproduction.Compare(stored, again, parsed.GetValue(tolerance), parsed.GetValue(margin));
            await RecordAsync(store, stored, again, agreement, cancellation);
            Print(workspace, stored, again, agreement);
            return agreement.Level is AgreementLevel.Different or AgreementLevel.Undecided ? ExitCodes.VerificationFailed : ExitCodes.Ok;
        });
        return command;
    }

    internal static async Task<RunRecord> FindAsync(Workspace workspace, string name, CancellationToken cancellation)
    {
        if (Directory.Exists(name)
            && File.Exists(Path.Combine(name, "run.json"))) return await ResultStore.ReadRunAsync(new(name), cancellation);
        if (!File.Exists(name)) return await Stores.FindAsync(workspace, name, detail: true, cancellation);
        var folder = new FileInfo(name).Directory!;
        if (File.Exists(Path.Combine(folder.FullName, "artifacts.sha256"))) return await ResultStore.ReadRunAsync(folder, cancellation);
        await using var file = File.OpenRead(name);
        try
        {
            return await JsonSerializer.DeserializeAsync<RunRecord>(file, CanonicalJson.Options, cancellation)
                ?? throw new HarnessException($"{name} is empty.");
        }
        catch (JsonException exception)
        {
            throw new HarnessException($"{name} is not a run.json: {exception.Message}", exception);
        }
    }

    internal static void Check(Workspace workspace, RunRecord stored)
    {
        if (stored.Provenance.Purpose == "imported")
            throw new HarnessException($"Run {stored.RunId} was imported from {stored.Provenance.Plan}: this harness cannot run it.");
        if (stored.State != RunState.Ok)
            throw new HarnessException($"Run {stored.RunId} ended as {stored.State} ({stored.Reason}): there is no result to reproduce.");
        var known = workspace.Catalogue.Benchmark(stored.Trial.Suite, stored.Trial.Benchmark).Dataset(stored.Trial.Protocol).Card;
        if (stored.Dataset is not null && CanonicalJson.Hash(known) != CanonicalJson.Hash(stored.Dataset))
            throw new HarnessException($"Run {stored.RunId} pins other files or counts for {stored.Trial.Protocol} than this harness: "
                + $"check out commit {stored.Provenance.Commit}.");
        var current = Origin.Describe("", "", "").Commit;
        if (current != stored.Provenance.Commit)
            workspace.Terminal.Say($"note: the run is of commit {stored.Provenance.Commit}, this program of {current}");
        var device = Devices.ThisMachine.Describe(null);
        if (device.Processor != stored.Device.Processor || device.Instructions != stored.Device.Instructions)
            workspace.Terminal.Say($"note: the run is of {stored.Device.Processor} ({stored.Device.Instructions ?? "no vectors"}), this is "
                + $"{device.Processor} ({device.Instructions ?? "no vectors"}): results may not be bitwise the same");
    }

    static async Task<RunRecord?> AgainAsync(Workspace workspace, ResultStore store, RunRecord stored, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = new Session(Identifiers.Session(now, "reproduce"), Origin.CommandLine, "", now, [stored.Trial])
        {
            PlanName = stored.Provenance.Plan, Purpose = "audit",
        };
        var log = new SessionLog(store.Folder);
        await log.BeginAsync(session, cancellation);
        var summary = await RunCommand.DispatchAsync(workspace, session, store, cancellation);
        if (!summary.Interrupted) await log.FinishAsync(session.Id, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        if (summary.Runs.Count == 0) return null;
        await foreach (var run in store.ReadAsync(new(RunId: summary.Runs[0].RunId, Detail: true), cancellation)) return run;
        return null;
    }

    // The verdict is kept beside the two runs, so that pages and queries can show that a run was reproduced.
    static async Task RecordAsync(ResultStore store, RunRecord stored, RunRecord again, Agreement agreement, CancellationToken cancellation)
    {
        if (stored.Metrics.FirstOrDefault(metric => metric.Primary) is not { } before
            || again.Metrics.FirstOrDefault(metric => metric.Metric == before.Metric) is not { } after) return;
        var verdict = agreement.Level switch
        {
            AgreementLevel.Undecided => "inconclusive",
            AgreementLevel.Different => after.Value < before.Value == (before.Direction == Direction.Higher) ? "worse" : "better",
            _ => "equivalent",
        };
        await store.AppendAsync(new Comparison(TimeProvider.System.GetUtcNow(), before.Metric, before.Version, stored.RunId, again.RunId,
            "reproduction", after.Value - before.Value, verdict)
        {
            Low = agreement.Test?.Equivalence.Low, High = agreement.Test?.Equivalence.High, P = agreement.Test?.P,
            Margin = agreement.Test?.Margin, Samples = agreement.Samples,
        }, cancellation);
    }

    static void Print(Workspace workspace, RunRecord stored, RunRecord again, Agreement agreement)
    {
        var pairs = again.Metrics.Join(stored.Metrics, metric => metric.Metric, metric => metric.Metric,
            (now, old) => new { now.Metric, Stored = old.Value, Again = now.Value }).ToList();
        if (workspace.Json)
        {
            workspace.Terminal.Json(new { agreement, metrics = pairs });
            return;
        }
        workspace.Terminal.Table(["metric", "stored", "again"],
            [.. pairs.Select(pair => (IReadOnlyList<string>)[pair.Metric, $"{pair.Stored:G9}", $"{pair.Again:G9}"])]);
        workspace.Terminal.Say($"{agreement.Level.ToString().ToLowerInvariant()}: {agreement.Explanation}");
    }
}
