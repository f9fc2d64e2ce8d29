using System.CommandLine;
using System.Text;
using Harness.Agent.Running;

namespace Harness.Cli.Commands;

/// <summary>
/// What the agent starts: speaks the worker protocol on standard input and output (docs/worker-protocol.md). Below it stand the commands
/// for workers in other languages.
/// </summary>
static class WorkerModeCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("worker", "Serve one trial over the worker protocol, as agents ask for it; check and run other workers.");
        command.Subcommands.Add(WorkerCheckCommand.Create(settings));
        command.Subcommands.Add(WorkerRunCommand.Create(settings));
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            using var protocol = new StreamWriter(StandardOutput.Claim(), new UTF8Encoding(false), bufferSize: 1 << 16);
            var server = new WorkerServer(workspace.Catalogue, Devices.Probes, TimeProvider.System, Origin.Version, Environment.Exit);
            return server.Run(Console.In, protocol);
        });
        return command;
    }
}
