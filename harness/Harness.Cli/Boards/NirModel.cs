using Harness.Datasets;
using Harness.Spiking.Boards;

namespace Harness.Cli.Boards;

/// <summary>A network of a NIR file as a model: the output with the largest mean over the steps is the class.</summary>
/// <param name="another">The same network from rest, with counts of its own.</param>
sealed class NirModel(NirOnBoard family, INetworkRun run, Footprint footprint, Func<INetworkRun> another, int seed)
    : IModel<LabeledImage, ClassPrediction>
{
    public Footprint Footprint => footprint;

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<LabeledImage> batch) => [.. batch.Select(image => Answer(run, image))];

    /// <exception cref="UnsupportedException">The reference was asked, which counts nothing.</exception>
    public OperationCounts Count(IReadOnlyList<LabeledImage> batch)
    {
        if (another() is not BoardRun counted)
            throw new UnsupportedException("the reference multiplies with all weights in every step and counts nothing");
        foreach (var image in batch) Answer(counted, image);
        return new([.. OnBoard(counted, batch.Count), .. OnHost(counted, batch.Count)], batch.Count);
    }

    public void Dispose() { }

    IEnumerable<LayerOperations> OnBoard(BoardRun counted, double samples) => counted.Simulation.Activity.Select(layer =>
        new LayerOperations(layer.Layer, "lif", layer.GradedEvents / samples, layer.SynapticEvents / samples,
            layer.DenseOperations / samples)
        {
            Spikes = layer.Spikes / samples, NeuronUpdates = layer.NeuronUpdates / samples, WeightBytes = layer.WeightBytes,
            TimeSteps = family.Steps, FiringRate = (double)layer.Spikes / layer.NeuronUpdates,
            Bits = counted.Simulation.Placement.Board.WeightBits,
            InputRate = layer.DenseOperations == 0 ? null
                : (double)(layer.SynapticEvents + layer.GradedEvents) / layer.DenseOperations,
        });

    // The host counts the spikes that come back, then computes its layers once.
    static IEnumerable<LayerOperations> OnHost(BoardRun counted, double samples)
    {
        var arriving = counted.Simulation.Activity.Single(layer => layer.Layer == counted.Simulation.Output).Spikes / samples;
        return counted.Simulation.Readout.Layers.Select((layer, index) =>
            new LayerOperations(layer.Name, layer.Kind, layer.Macs, index == 0 ? arriving : 0, layer.Macs)
            {
                WeightBytes = layer.Weights * sizeof(double), Shape = layer.Shape, Site = LayerOperations.Host,
            });
    }

    ClassPrediction Answer(INetworkRun network, LabeledImage image)
    {
        if (image.Pixels.Length != network.Inputs)
            throw new HarnessException($"The graph takes {network.Inputs} inputs and the image has {image.Pixels.Length} pixels.");
        var means = network.Means(new PixelInput(image, family.Code, seed).Next, family.Steps);
        var best = Array.IndexOf(means, means.Max());
        if (network.ReadsOut) return new(best, (float)(1 / means.Sum(mean => Math.Exp(mean - means[best]))));
        return new(best, means.Sum() is var all and > 0 ? (float)(means[best] / all) : 0);
    }
}
