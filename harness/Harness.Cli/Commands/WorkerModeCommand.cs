using System.CommandLine;
using System.Text;
using Harness.Agent.Running;
using Harness.Core.Registry;

namespace Harness.Cli.Commands;

/// <summary>What the agent starts: speaks the worker protocol on standard input and output (docs/worker-protocol.md).</summary>
static class WorkerModeCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("worker", "Serve one trial over the worker protocol; started by agents.") { Hidden = true };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            using var protocol = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 1 << 16);
            // A model that prints must not corrupt the protocol.
            Console.SetOut(Console.Error);
            var server = new WorkerServer(trial => Resolve(workspace.Catalogue, trial), Devices.Probes, TimeProvider.System,
                Origin.Version, Environment.Exit);
            return server.Run(Console.In, protocol);
        });
        return command;
    }

    static ResolvedTrial Resolve(Catalogue catalogue, Trial trial)
    {
        var benchmark = catalogue.Benchmark(trial.Suite, trial.Benchmark).Benchmark;
        return benchmark.Accept(new Resolving(trial));
    }

    sealed class Resolving(Trial trial) : IBenchmarkVisitor<ResolvedTrial>
    {
        public ResolvedTrial Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark)
        {
            var parts = benchmark.PartsOf(trial);
            return new(benchmark, parts.Dataset, parts.Family);
        }
    }
}
