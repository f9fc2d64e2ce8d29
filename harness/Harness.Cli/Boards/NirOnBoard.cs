using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Boards;
using Harness.Spiking.Nir;
using Suites.SpikingTransformers.Metrics;

namespace Harness.Cli.Boards;

/// <summary>
/// A trained network, as a NIR file, on a simulated board: pixels become spikes by their intensity, seeded, and the output neuron that
/// fires most is the class.
/// </summary>
/// <param name="Graph">Path of the NIR file; its input takes one value for each pixel.</param>
/// <param name="Board">loihi2 or spinnaker2.</param>
/// <param name="Steps">For one image.</param>
/// <param name="Step">Seconds of a step.</param>
public sealed record NirOnBoard(string Graph = "", string Board = "loihi2", [property: Range(1, 10_000)] int Steps = 32,
    [property: Range(1e-6, 1.0)] double Step = 1e-3) : IModelFamily<LabeledImage, ClassPrediction>
{
    public FamilyCard Card { get; } = new("nir-board", 1, "NIR graph on a simulated board")
    {
        Kind = "spiking", Summary = "A trained network in the integers and within the limits of a neuromorphic board.",
    };

    /// <exception cref="UnsupportedException">The graph does not fit the board; the message says which limit.</exception>
    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var graph = NirFile.Read(new FileInfo(Graph));
        return new Model(this, graph, Harness.Spiking.Boards.Board.Of(Board), context.Seed);
    }

    sealed class Model(NirOnBoard family, NirGraph graph, Board board, int seed) : IModel<LabeledImage, ClassPrediction>
    {
        readonly BoardSimulation simulation = new(graph, family.Step, board);

        public Footprint Footprint => new(simulation.Placement.Synapses, simulation.Placement.Synapses * board.WeightBits / 8,
            board.WeightBits);

        public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<LabeledImage> batch) =>
            [.. batch.Select(image => Of(simulation, image))];

        public OperationCounts Count(IReadOnlyList<LabeledImage> batch)
        {
            var counted = new BoardSimulation(graph, family.Step, board);
            foreach (var image in batch) Of(counted, image);
            double samples = batch.Count;
            return new([.. counted.Activity.Select(layer => new LayerOperations(layer.Layer, "lif", 0, layer.SynapticEvents / samples,
                layer.DenseOperations / samples)
            {
                Spikes = layer.Spikes / samples, NeuronUpdates = layer.NeuronUpdates / samples, WeightBytes = layer.WeightBytes,
                TimeSteps = family.Steps, FiringRate = (double)layer.Spikes / layer.NeuronUpdates, Bits = board.WeightBits,
                InputRate = layer.DenseOperations == 0 ? null : (double)layer.SynapticEvents / layer.DenseOperations,
            })], batch.Count);
        }

        public void Dispose() { }

        // Seeded by the image, so that an answer does not depend on what came before.
        ClassPrediction Of(BoardSimulation board, LabeledImage image)
        {
            var pixels = image.Pixels.Span;
            if (pixels.Length != board.Inputs)
                throw new HarnessException($"The graph takes {board.Inputs} inputs and the image has {pixels.Length} pixels.");
            var chance = new Random(HashCode(image, seed));
            var counts = new int[board.Outputs];
            board.Reset();
            for (var step = 0; step < family.Steps; step++)
            {
                var spikes = new List<int>();
                for (var pixel = 0; pixel < pixels.Length; pixel++)
                    if (pixels[pixel] > 0 && chance.Next(255) < pixels[pixel]) spikes.Add(pixel);
                foreach (var neuron in board.Step(spikes)) counts[neuron]++;
            }
            var best = Array.IndexOf(counts, counts.Max());
            return new(best, counts.Sum() is var all and > 0 ? (float)counts[best] / all : 0);
        }

        static int HashCode(LabeledImage image, int seed)
        {
            var hash = unchecked((uint)seed * 2654435761u);
            foreach (var pixel in image.Pixels.Span) hash = unchecked((hash ^ pixel) * 16777619u);
            return (int)(hash & int.MaxValue);
        }
    }
}
