using System.CommandLine;
using Harness.Agent.Running;
using Harness.Core.Dispatch;
using Harness.Results;

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
        var dry = new Option<bool>("--dry-run") { Description = "List the trials and run nothing." };
        var command = new Command("run", "Run a plan and store every observation.") { plan, only, limit, skip, dry };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var read = PlanOptions.Read(workspace, parsed.GetValue(plan)!);
            if (parsed.GetValue(limit) is { } samples) read = read with { Limit = samples };
            var trials = PlanOptions.Trials(workspace, read, parsed.GetValue(only));
            if (parsed.GetValue(dry))
            {
                PlanCommand.PrintTrials(workspace, trials);
                return ExitCodes.Ok;
            }
            var now = TimeProvider.System.GetUtcNow();
            var id = Identifiers.Session(now, read.Name);
            var session = new SessionFile(id, read.Name, read.Purpose, Origin.CommandLine, now,
                read.Limits.Time?.TotalSeconds, read.Limits.MemoryBytes, parsed.GetValue(skip), trials);
            return await RunAsync(workspace, session, isNew: true, cancellation);
        });
        return command;
    }

    public static async Task<int> RunAsync(Workspace workspace, SessionFile session, bool isNew, CancellationToken cancellation)
    {
        using var store = await ResultStore.OpenForWritingAsync(workspace.Results[0], TimeProvider.System, cancellation,
            problem => workspace.Terminal.Say($"damaged, left out: {problem}"));
        if (isNew) Sessions.Write(workspace.Results[0], session);
        var limits = new WorkerLimits { MemoryBytes = session.MemoryLimitBytes };
        if (session.Limits.Time is { } time) limits = limits with { Time = time };
        await using var agent = Devices.Local(workspace, limits);
        var parts = new SessionParts(agent, Devices.Scorer(workspace), store, TimeProvider.System,
            () => Identifiers.Ulid(TimeProvider.System.GetUtcNow()), Origin.Describe(session.Id, session.Plan, session.Purpose))
        {
            Progress = new SessionDisplay(workspace.Terminal, TimeProvider.System), SkipExisting = session.SkipExisting,
        };
        var summary = await new Session(parts).RunAsync(session.Trials, cancellation);
        ShowCommand.PrintRuns(workspace, summary.Runs);
        var failed = summary.Runs.Count - summary.Count(RunState.Ok);
        workspace.Terminal.Say($"session {session.Id}: {summary.Count(RunState.Ok)} ok, {failed} not ok, {summary.Skipped} skipped");
        if (!summary.Interrupted) return failed == 0 ? ExitCodes.Ok : ExitCodes.SomeFailed;
        workspace.Terminal.Say("interrupted; finish with `harness resume`");
        return ExitCodes.Interrupted;
    }
}
