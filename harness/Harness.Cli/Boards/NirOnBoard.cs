using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Harness.Datasets;
using Harness.Spiking.Boards;
using Harness.Spiking.Nir;

namespace Harness.Cli.Boards;

/// <summary>
/// A trained network, as a NIR file, on a simulated board or, as the reference, in float64 on this processor. The output that fires most
/// is the class; where the last layer is linear, the host computes it, and its largest mean is the class.
/// </summary>
/// <param name="Graph">Path of the NIR file; its input takes one value for each pixel.</param>
/// <param name="Board">loihi2, spinnaker2 or reference. The worker's argument: a trial without it is the same on all.</param>
/// <param name="Steps">For one image.</param>
/// <param name="Step">Seconds of a step.</param>
/// <param name="Code">How pixels enter.</param>
/// <param name="Sha256">Of the file, to make the trial one of this network; none checks nothing.</param>
public sealed record NirOnBoard(string Graph = "", string Board = "loihi2", [property: Range(1, 10_000)] int Steps = 32,
    [property: Range(1e-6, 1.0)] double Step = 1e-3, PixelCode Code = PixelCode.Rate, string? Sha256 = null)
    : IModelFamily<LabeledImage, ClassPrediction>
{
    /// <summary>The name of the reference among boards.</summary>
    public const string Reference = "reference";

    public FamilyCard Card { get; } = new("nir-board", 1, "NIR graph on a simulated board")
    {
        Kind = "spiking", Summary = "A trained network in the integers and within the limits of a neuromorphic board.",
    };

    /// <exception cref="UnsupportedException">The graph does not fit the board; the message says which limit.</exception>
    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var file = new FileInfo(Graph);
        var graph = NirFile.Read(file);
        CheckHash(file);
        if (Board == Reference)
            return new NirModel(this, new ReferenceRun(graph, Step), FootprintOf(graph), () => new ReferenceRun(graph, Step), context.Seed);
        var board = Harness.Spiking.Boards.Board.Of(Board);
        var run = new BoardRun(graph, Step, board, Code);
        return new NirModel(this, run, FootprintOf(run.Simulation), () => new BoardRun(graph, Step, board, Code), context.Seed);
    }

    void CheckHash(FileInfo file)
    {
        if (Sha256 is null) return;
        using var stream = file.OpenRead();
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!string.Equals(found, Sha256, StringComparison.OrdinalIgnoreCase))
            throw new HarnessException($"The trial is of a network with sha256 {Sha256}, and {Graph} has {found}.");
    }

    static Footprint FootprintOf(BoardSimulation simulation)
    {
        var (board, synapses) = (simulation.Placement.Board, simulation.Placement.Synapses);
        var host = simulation.Readout.Layers.Sum(layer => layer.Weights);
        var bits = synapses * board.WeightBits + host * 8 * sizeof(double);
        return new(synapses + host, bits / 8, (double)bits / (synapses + host));
    }

    static Footprint FootprintOf(NirGraph graph)
    {
        var numbers = graph.Flattened().Nodes.Values.SelectMany(node => node.Parameters()).Select(parameter => parameter.Value)
            .OfType<NirArray>().Sum(array => (long)array.Values.Count);
        return new(numbers, numbers * sizeof(double), 8 * sizeof(double));
    }
}
