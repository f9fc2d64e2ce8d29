using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Checks every stored file against its hash and the chain.</summary>
static class VerifyCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("verify", "Check every stored result against its hashes and the chain of runs.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var problems = new List<ResultProblem>();
            foreach (var folder in workspace.Results)
            {
                using var store = ResultStore.OpenForReading(folder);
                problems.AddRange(await store.VerifyAsync(cancellation));
            }
            workspace.Print(["folder", "file", "problem"], problems, problem => [problem.Folder, problem.File, problem.Message]);
            workspace.Terminal.Say(problems.Count == 0 ? "every stored result is as it was written" : $"{problems.Count} problems");
            return problems.Count == 0 ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }
}
