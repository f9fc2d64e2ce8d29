using System.CommandLine;

namespace Harness.Cli.Commands;

/// <summary>Finishes a session that was cut off; what is stored is not run again.</summary>
static class ResumeCommand
{
    public static Command Create(Settings settings)
    {
        var name = new Argument<string?>("session") { Description = "Session id; without it the newest.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("resume", "Finish a session that was interrupted, killed or stopped by a full disk.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var session = Sessions.Read(workspace.Results[0], parsed.GetValue(name));
            var stored = await Stores.ReadAllAsync(workspace, new(Session: session.Id), cancellation);
            var done = stored.Where(run => run.State is not (RunState.Aborted or RunState.InfraError)).Select(run => run.TrialId)
                .ToHashSet();
            var left = session.Trials.Count(trial => !done.Contains(trial.Id));
            if (left == 0)
            {
                workspace.Terminal.Say($"session {session.Id} is complete: nothing to resume");
                return ExitCodes.Ok;
            }
            workspace.Terminal.Say($"session {session.Id}: {left} of {session.Trials.Count} trials left");
            return await RunCommand.RunAsync(workspace, session, isNew: false, cancellation);
        });
        return command;
    }
}
