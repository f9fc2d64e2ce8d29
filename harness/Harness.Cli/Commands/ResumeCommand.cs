using System.CommandLine;
using Harness.Results;

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
            if (await FindOrNullAsync(workspace, parsed.GetValue(name), cancellation) is not { } session)
            {
                workspace.Terminal.Say("every session here ran to its end: nothing to resume");
                return ExitCodes.Ok;
            }
            workspace.Terminal.Say($"resuming session {session.Id} of plan {session.PlanName}");
            return await RunCommand.RunAsync(workspace, session, isNew: false, cancellation);
        });
        return command;
    }

    static async Task<Session?> FindOrNullAsync(Workspace workspace, string? name, CancellationToken cancellation)
    {
        var log = new SessionLog(workspace.Results[0]);
        return name is null ? await log.LatestRunningOrNullAsync(cancellation) : await log.ReadAsync(name, cancellation);
    }
}
