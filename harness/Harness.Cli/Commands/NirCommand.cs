using System.CommandLine;
using Harness.Agent.Running;
using Harness.Core.Registry;
using Harness.Spiking.Nir;

namespace Harness.Cli.Commands;

/// <summary>Trained networks as NIR files for the tool chains of neuromorphic chips (docs/nir.md).</summary>
static class NirCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("nir", "Neuromorphic Intermediate Representation: write the network of a run, look into a file.");
        command.Subcommands.Add(Export(settings));
        command.Subcommands.Add(Show(settings));
        return command;
    }

    static Command Export(Settings settings)
    {
        var name = new Argument<string>("run") { Description = "Run id, the end of one, `latest`, a run folder, or a run.json file." };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The file to write, e.g. network.nir.", Required = true };
        var step = new Option<double>("--step")
        { Description = "Seconds that one time step of the network stands for.", DefaultValueFactory = _ => 1e-3 };
        var command = new Command("export", "Train the model of a run again from its record and write it as a NIR file.") { name, output,
            step };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var run = await ReproduceCommand.FindAsync(workspace, parsed.GetValue(name)!, cancellation);
            ReproduceCommand.Check(workspace, run);
            var exported = OnTrialThread(workspace, run, parsed.GetValue(step), cancellation);
            var file = parsed.GetValue(output)!;
            NirFile.Write(exported.Graph, file);
            workspace.Terminal.Say($"{file.FullName}: {exported.Graph.Nodes.Count} nodes; {exported.Agreeing} of {exported.Compared} "
                + "answers are those that the run stored");
            return exported.Agreeing == exported.Compared ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }

    static Command Show(Settings settings)
    {
        var file = new Argument<FileInfo>("file") { Description = "A NIR file." };
        var command = new Command("show", "The nodes and edges of a NIR file, checked.") { file };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            var graph = NirFile.Read(parsed.GetValue(file)!);
            var flat = graph.Flattened();
            var rows = flat.Nodes.Select(node => new
            {
                Node = node.Key, node.Value.Kind,
                Parameters = node.Value.Parameters().ToDictionary(one => one.Name, one => Words(one.Value)),
                To = flat.Edges.Where(edge => edge.From == node.Key).Select(edge => edge.To).ToList(),
            });
            workspace.Print(["node", "kind", "parameters", "leads to"], rows, row => [row.Node, row.Kind,
                string.Join("; ", row.Parameters.Select(one => $"{one.Key} {one.Value}")), string.Join(", ", row.To)]);
            foreach (var (fact, value) in graph.Metadata) workspace.Terminal.Say($"{fact}: {Words(value)}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static string Words(NirValue value) => value is NirText text ? text.Text : $"{value}";

    // Model code is synchronous on a thread of its own, as in a worker: native tensor scopes belong to a thread.
    static ExportedGraph OnTrialThread(Workspace workspace, RunRecord run, double step, CancellationToken cancellation)
    {
        var work = new TaskCompletionSource<ExportedGraph>();
        var export = new NirExport(run, workspace.Cache, step, cancellation);
        var benchmark = workspace.Catalogue.Benchmark(run.Trial.Suite, run.Trial.Benchmark).Benchmark;
        var thread = new Thread(() =>
        {
            try { work.SetResult(benchmark.Accept(export)); }
            catch (Exception error) { work.SetException(error); }
        }, TrialRunner.StackBytes) { Name = "nir", IsBackground = true };
        thread.Start();
        return work.Task.GetAwaiter().GetResult();
    }
}
