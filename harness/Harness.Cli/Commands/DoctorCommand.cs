using System.CommandLine;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Harness.Cli.Commands;

/// <summary>Says what this machine has, what it lacks and what to do about it.</summary>
static class DoctorCommand
{
    sealed record Finding(string Check, bool Fine, string Found, string Advice);

    public static Command Create(Settings settings)
    {
        var command = new Command("doctor", "Check this machine: native tensors, data, memory, allocator, clock.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            List<Finding> findings = [Tensors(), await Device(cancellation), Allocator(), Cache(workspace), Data(), Results(workspace)];
            if (workspace.Json) settings.Terminal.Json(findings);
            else settings.Terminal.Table(["check", "", "found", "what to do"],
                [.. findings.Select(finding => (IReadOnlyList<string>)[finding.Check, finding.Fine ? "ok" : "look", finding.Found, finding.Advice])]);
            return ExitCodes.Ok;
        });
        return command;
    }
}
