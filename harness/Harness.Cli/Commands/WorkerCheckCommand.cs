using System.CommandLine;
using Harness.Agent.Conformance;

namespace Harness.Cli.Commands;

/// <summary>Tries a worker in any language against the rules of the protocol.</summary>
static class WorkerCheckCommand
{
    public static Command Create(Settings settings)
    {
        var trial = new WorkerTrialOptions();
        var patience = new Option<int>("--patience") { DefaultValueFactory = _ => 60,
            Description = "Longest wait for a line, in seconds (default: 60)." };
        var command = trial.On(new Command("check", "Try a worker against every rule of the worker protocol.") { patience });
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var asked = trial.Trial(workspace, parsed);
            await using var agent = trial.Agent(workspace, parsed);
            await agent.LayOutAsync(asked, cancellation);
            var check = new WorkerCheck(trial.Command(parsed), agent.RequestFor(asked), TimeSpan.FromSeconds(parsed.GetValue(patience)),
                TimeProvider.System);
            var verdicts = new List<RuleVerdict>();
            await foreach (var verdict in check.RunAsync(cancellation)) verdicts.Add(verdict);
            workspace.Print(["rule", "verdict", "what was seen"], verdicts,
                verdict => [verdict.Rule, verdict.Verdict.ToString().ToLowerInvariant(), verdict.Detail]);
            var broken = verdicts.Count(verdict => verdict.Verdict == Verdict.Broken);
            var untested = verdicts.Count(verdict => verdict.Verdict == Verdict.Untested);
            workspace.Terminal.Say($"{verdicts.Count - broken - untested} rules kept, {broken} broken, {untested} untested");
            return broken == 0 ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }
}
