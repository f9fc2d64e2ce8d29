using System.CommandLine;
using Harness.Agent.Running;
using Harness.Cli.Fleet;
using Harness.Core.Dispatch;
using Harness.Queue.Nats.Serving;
using Harness.Results;
using Session = Harness.Results.Session;

namespace Harness.Cli.Commands;

/// <summary>Runs a plan: each trial in a worker process of its own, each result stored as soon as it exists.</summary>
static class RunCommand
{
    public static Command Create(Settings settings)
    {
        var plan = new Option<string>("--plan", "-p") { Description = "A file, or the name of a plan in results/plans.", Required = true };
        var only = PlanOptions.Only();
        var limit =
            new Option<int?>("--limit", "-L") { Description =
                "Run only the first N test samples; such runs are marked and never compared with full ones." };
        var skip = new Option<bool>("--skip-existing", "-k") { Description = "Leave out trials of which an ok run is stored." };
        var keep = new Option<bool>("--checkpoints") { Description =
            "Keep the state of training after each epoch, so that `harness resume` goes on from there." };
        var fleet = new Option<string?>("--fleet")
        {
            Description = "Run on the devices of a fleet (docs/fleet.md); the value is its address where operator.json does not give it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var access = new FleetAccess();
        var dry = new Option<bool>("--dry-run") { Description = "List the trials and run nothing." };
        var command = new Command("run", "Run a plan and store every observation.")
        { plan, only, limit, skip, keep, fleet, access.Folder, dry };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var file = YamlPlans.Find(parsed.GetValue(plan)!);
            var onFleet = parsed.GetResult(fleet) is { Implicit: false };
            var read = PlanOptions.Read(workspace, file, anywhere: onFleet || parsed.GetValue(dry));
            if (parsed.GetValue(limit) is { } samples) read = read with { Limit = samples };
            var trials = PlanOptions.Trials(workspace, read, parsed.GetValue(only));
            if (parsed.GetValue(dry))
            {
                PlanCommand.PrintTrials(workspace, trials);
                return ExitCodes.Ok;
            }
            var now = TimeProvider.System.GetUtcNow();
            var id = Identifiers.Session(now, read.Name);
            var session = new Session(id, Origin.CommandLine, await File.ReadAllTextAsync(file.FullName, cancellation), now, trials)
            {
                PlanName = read.Name, Purpose = read.Purpose, TimeLimitSeconds = read.Limits.Time?.TotalSeconds,
                MemoryLimitBytes = read.Limits.MemoryBytes, SkipExisting = parsed.GetValue(skip),
                Checkpoints = parsed.GetValue(keep),
                Fleet = onFleet ? new(access.FolderOf(parsed).FullName, parsed.GetValue(fleet)) : null,
            };
            return await RunAsync(workspace, session, isNew: true, cancellation);
        });
        return command;
    }

    public static async Task<int> RunAsync(Workspace workspace, Session session, bool isNew, CancellationToken cancellation)
    {
        // Whoever holds no key to the fleet learns it before a session begins.
        var fleet = session.Fleet is { } named ? OperatorFile.Read(new(named.Folder)) : null;
        if (fleet is not null && session.Fleet!.Url is { Length: > 0 } url) fleet = fleet with { Url = url };
        using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
        var log = new SessionLog(store.Folder);
        if (isNew) await log.BeginAsync(session, cancellation);
        var summary = fleet is null ? await DispatchAsync(workspace, session, store, cancellation)
            : await FleetRun.DispatchAsync(workspace, session, fleet, store, cancellation);
        if (!summary.Interrupted) await log.FinishAsync(session.Id, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        ShowCommand.PrintRuns(workspace, summary.Runs);
        var failed = summary.Runs.Count - summary.Count(RunState.Ok);
        workspace.Terminal.Say($"session {session.Id}: {summary.Count(RunState.Ok)} ok, {failed} not ok, {summary.Skipped} skipped");
        if (!summary.Interrupted) return failed == 0 ? ExitCodes.Ok : ExitCodes.SomeFailed;
        workspace.Terminal.Say("interrupted; finish with `harness resume`");
        return ExitCodes.Interrupted;
    }

    /// <summary>Runs the trials of a session on this machine.</summary>
    public static async Task<SessionSummary> DispatchAsync(Workspace workspace, Session session, ResultStore store,
        CancellationToken cancellation)
    {
        var limits = new WorkerLimits { MemoryBytes = session.MemoryLimitBytes };
        if (session.TimeLimitSeconds is { } seconds) limits = limits with { Time = TimeSpan.FromSeconds(seconds) };
        var checkpoints = new DirectoryInfo(Path.Combine(workspace.Cache.FullName, "checkpoints", session.Id));
        await using var agent = Devices.Local(workspace, limits, session.Checkpoints ? checkpoints : null);
        var parts = new SessionParts(agent, Devices.Scorer(workspace), store, TimeProvider.System,
            () => Identifiers.Ulid(TimeProvider.System.GetUtcNow()), Origin.Describe(session.Id, session.PlanName, session.Purpose))
        {
            Progress = new SessionDisplay(workspace.Terminal, TimeProvider.System), SkipExisting = session.SkipExisting,
        };
        var remaining = await SessionLog.RemainingAsync(session, store, cancellation);
        if (remaining.Count < session.Trials.Count)
            workspace.Terminal.Say($"{session.Trials.Count - remaining.Count} of {session.Trials.Count} trials are stored already");
        return await new Core.Dispatch.Session(parts).RunAsync(remaining, cancellation);
    }
}
