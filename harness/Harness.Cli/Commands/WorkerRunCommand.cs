using System.CommandLine;
using Harness.Core.Dispatch;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Runs one trial in a worker in any language; it is scored and stored like every other.</summary>
static class WorkerRunCommand
{
    public static Command Create(Settings settings)
    {
        var options = new WorkerTrialOptions();
        var command = options.On(new Command("run", "Run a trial in a worker of another program, score it and store it."));
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var trial = options.Trial(workspace, parsed);
            using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
            await using var agent = options.Agent(workspace, parsed);
            var session = Identifiers.Session(TimeProvider.System.GetUtcNow(), "worker");
            var parts = new SessionParts(agent, Devices.Scorer(workspace), store, TimeProvider.System,
                () => Identifiers.Ulid(TimeProvider.System.GetUtcNow()), Origin.Describe(session, "worker", "manual"))
            {
                Progress = new SessionDisplay(workspace.Terminal, TimeProvider.System),
            };
            var summary = await new Core.Dispatch.Session(parts).RunAsync([trial], cancellation);
            ShowCommand.PrintRuns(workspace, summary.Runs);
            return summary.Interrupted ? ExitCodes.Interrupted : summary.Count(RunState.Ok) == 1 ? ExitCodes.Ok : ExitCodes.SomeFailed;
        });
        return command;
    }
}
