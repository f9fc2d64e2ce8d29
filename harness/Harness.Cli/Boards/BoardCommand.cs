using System.CommandLine;
using System.Globalization;
using System.Text;
using Harness.Agent.Running;
using Harness.Core.Registry;
using Harness.Datasets;
using Harness.Spiking.Boards;
using Harness.Spiking.Nir;
using Suites.SpikingTransformers;
using Suites.SpikingTransformers.Metrics;

namespace Harness.Cli.Boards;

/// <summary>Simulated neuromorphic boards: a worker for trained networks, a card, and single runs with spikes in and out.</summary>
static class BoardCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("board", "Run trained networks (NIR files) on simulated neuromorphic boards (docs/drivers.md).");
        command.Subcommands.Add(Worker(settings));
        command.Subcommands.Add(Describe(settings));
        command.Subcommands.Add(Fit(settings));
        command.Subcommands.Add(Run(settings));
        return command;
    }

    static Argument<string> BoardArgument() =>
        new("board") { Description = $"One of {string.Join(", ", Board.All.Select(one => one.Id))}." };

    static Argument<string> BoardOrReferenceArgument()
    {
        var board = BoardArgument();
        board.Description = $"{board.Description![..^1]}, or {NirOnBoard.Reference}: the same network in float64 on this processor.";
        return board;
    }

    static Command Worker(Settings settings)
    {
        var board = BoardOrReferenceArgument();
        var command = new Command("worker", "Serve one trial of family nir-board@1 over the worker protocol.") { board };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(board)!;
            var family = new NirOnBoard(Board: name == NirOnBoard.Reference ? name : Board.Of(name).Id);
            using var protocol = new StreamWriter(StandardOutput.Claim(), new UTF8Encoding(false), bufferSize: 1 << 16);
            var server = new WorkerServer(new Catalogue([SuiteWith(family)]), Devices.Probes, TimeProvider.System, Origin.Version,
                Environment.Exit)
            {
                Name = name == NirOnBoard.Reference ? "nir-reference" : $"sim:{family.Board}",
            };
            return server.Run(Console.In, protocol);
        });
        return command;
    }

    // The datasets, targets and answers are those of the suite; only the family is another.
    static Suite SuiteWith(NirOnBoard family)
    {
        var suite = SpikingTransformersSuite.Create();
        return suite with
        {
            Benchmarks = [.. suite.Benchmarks.OfType<Benchmark<LabeledImage, ClassPrediction>>()
                .Select(benchmark => benchmark with { Families = [family] })],
        };
    }

    static Command Describe(Settings settings)
    {
        var board = BoardOrReferenceArgument();
        var command = new Command("describe", "Print the device card of a simulated board as JSON.") { board };
        command.SetAction(parsed => settings.Of(parsed).Terminal.Data.WriteLine(CanonicalJson.Write(
            parsed.GetValue(board) is var name && name == NirOnBoard.Reference ? Devices.ThisMachine.Describe(null)
                : CardOf(Board.Of(name!)))));
        return command;
    }

    /// <summary>A board that is simulated here: its answers count, its times do not.</summary>
    public static DeviceCard CardOf(Board board)
    {
        var host = Devices.ThisMachine.Describe(null);
        return host with
        {
            Id = $"sim-{board.Id}-emulated", Class = "neuromorphic", Processor = board.Title, Cores = board.Cores,
            MemoryBytes = board.Cores * board.CoreBytes, Emulated = true, Instructions = null, Sensors = [],
            Details = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["simulated on"] = host.Id, ["sources"] = board.Sources,
                ["weight bits"] = board.WeightBits.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    static Command Fit(Settings settings)
    {
        var (board, graph, step) = (BoardArgument(), GraphArgument(), StepOption());
        var command = new Command("fit", "Say how a network lies on a board, or which limit it passes.") { board, graph, step };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            var simulation = new BoardSimulation(NirFile.Read(parsed.GetValue(graph)!), parsed.GetValue(step),
                Board.Of(parsed.GetValue(board)!));
            var placement = simulation.Placement;
            workspace.Print(["layer", "neurons", "synapses", "fan-in", "cores"], placement.Layers, layer => [layer.Name, $"{layer.Neurons}",
                $"{layer.Synapses}", $"{layer.FanIn}", $"{layer.FirstNeurons.Count}"]);
            workspace.Terminal.Say($"{placement.Cores} of {placement.Board.Cores} cores of {placement.Board.Title}");
            if (simulation.Readout.IsAny)
                workspace.Terminal.Say($"on the host: {string.Join(", ", simulation.Readout.Layers.Select(layer => layer.Name))}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Run(Settings settings)
    {
        var (board, graph, step) = (BoardArgument(), GraphArgument(), StepOption());
        var steps = new Option<int>("--steps") { Required = true, Description = "Steps to simulate." };
        var command = new Command("run", 
            "Read spikes from standard input, `STEP NEURON` a line, and print those of the last neurons as JSON.")
        {
            board, graph, step, steps,
        };
        command.SetAction(parsed =>
        {
            var simulation = new BoardSimulation(NirFile.Read(parsed.GetValue(graph)!), parsed.GetValue(step),
                Board.Of(parsed.GetValue(board)!));
            var input = ReadSpikes().ToLookup(spike => spike.Step, spike => spike.Neuron);
            var output = Enumerable.Range(0, parsed.GetValue(steps))
                .SelectMany(at => simulation.Step([.. input[at]]).Select(neuron => new[] { at, neuron })).ToList();
            settings.Of(parsed).Terminal.Json(new { spikes = output, activity = simulation.Activity });
            return ExitCodes.Ok;
        });
        return command;
    }

    static IEnumerable<(int Step, int Neuron)> ReadSpikes()
    {
        while (Console.In.ReadLine() is { } line)
            yield return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var step, var neuron] && int.TryParse(step, out var at)
                && int.TryParse(neuron, out var which)
                ? (at, which)
                : throw new HarnessException($"A spike is 'STEP NEURON', two whole numbers, not '{line}'.");
    }

    static Argument<FileInfo> GraphArgument() => new("graph") { Description = "A NIR file (docs/nir.md)." };

    static Option<double> StepOption() => new("--step") { DefaultValueFactory = _ => 1e-3,
        Description = "Seconds of a step (default: 0.001)." };
}
