using System.CommandLine;
using System.Text.Json;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Runs a stored run again from its record alone and says how well the two agree.</summary>
static class ReproduceCommand
{
    sealed record Agreement(string Run, string Again, string Level, int Samples, int Different, IReadOnlyList<MetricPair> Metrics);

    sealed record MetricPair(string Metric, double Stored, double Again);

    public static Command Create(Settings settings)
    {
        var name = new Argument<string>("run") { Description = "Run id, the end of one, `latest`, or a run.json file." };
        var command = new Command("reproduce", "Run a stored run again from its record and compare every prediction.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var stored = await FindAsync(workspace, parsed.GetValue(name)!, cancellation);
            var current = Origin.Describe("", "", "").Commit;
            if (current != stored.Provenance.Commit)
                workspace.Terminal.Say($"note: the run is of commit {stored.Provenance.Commit}, this program of {current}");
            if (await AgainAsync(workspace, stored, cancellation) is not { State: RunState.Ok } again) return ExitCodes.SomeFailed;
            var agreement = Compare(stored, again);
            if (workspace.Json) workspace.Terminal.Json(agreement);
            else Print(workspace.Terminal, agreement);
            return agreement.Level == "different" ? ExitCodes.VerificationFailed : ExitCodes.Ok;
        });
        return command;
    }

    static async Task<RunRecord> FindAsync(Workspace workspace, string name, CancellationToken cancellation)
    {
        if (!File.Exists(name)) return await Stores.FindAsync(workspace, name, detail: true, cancellation);
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

    static async Task<RunRecord?> AgainAsync(Workspace workspace, RunRecord stored, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = new Session(Identifiers.Session(now, "reproduce"), Origin.CommandLine, "", now, [stored.Trial])
        {
            PlanName = stored.Provenance.Plan, Purpose = "audit",
        };
        using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
        var log = new SessionLog(store.Folder);
        await log.BeginAsync(session, cancellation);
        var summary = await RunCommand.DispatchAsync(workspace, session, store, cancellation);
        if (!summary.Interrupted) await log.FinishAsync(session.Id, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        if (summary.Runs.Count == 0) return null;
        await foreach (var run in store.ReadAsync(new(RunId: summary.Runs[0].RunId, Detail: true), cancellation)) return run;
        return null;
    }

    static Agreement Compare(RunRecord stored, RunRecord again)
    {
        var before = stored.Samples.ToDictionary(row => row.Sample);
        var different = again.Samples.Count(row => !before.TryGetValue(row.Sample, out var old) || old.Answer != row.Answer);
        var bitwise = stored.Samples.Count == again.Samples.Count && again.Samples.All(row => before.TryGetValue(row.Sample, out var old)
            && CanonicalJson.Write(old.Prediction) == CanonicalJson.Write(row.Prediction));
        var pairs = again.Metrics.Join(stored.Metrics, metric => metric.Metric, metric => metric.Metric,
            (now, old) => new MetricPair(now.Metric, old.Value, now.Value)).ToList();
        var primary = stored.Metrics.FirstOrDefault(metric => metric.Primary);
        var near = primary is { Low: { } low, High: { } high } && again.Metrics.Any(metric => metric.Primary && metric.Value >= low
            && metric.Value <= high);
        var level = stored.Samples.Count == 0 ? (near ? "statistical" : "different")
            : bitwise ? "bitwise" : different == 0 ? "tolerance" : near ? "statistical" : "different";
        return new(stored.RunId, again.RunId, level, again.Samples.Count, different, pairs);
    }

    static void Print(Terminal terminal, Agreement agreement)
    {
        terminal.Table(["metric", "stored", "again"],
            [.. agreement.Metrics.Select(pair => (IReadOnlyList<string>)[pair.Metric, $"{pair.Stored:G9}", $"{pair.Again:G9}"])]);
        terminal.Say(agreement.Level switch
        {
            "bitwise" => $"bitwise: all {agreement.Samples} predictions are identical",
            "tolerance" => $"tolerance: all {agreement.Samples} answers are the same, some confidences differ",
            "statistical" =>
                $"statistical: {agreement.Different} of {agreement.Samples} answers differ; the score lies within the stored interval",
            _ => $"different: {agreement.Different} of {agreement.Samples} answers differ, and the score lies outside the stored interval",
        });
    }
}
