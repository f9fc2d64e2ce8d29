using Harness.Datasets;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>A liquid that nobody trained and a linear readout of what it answers.</summary>
sealed class ProbeModel(EventProbe<LabeledImage> probe, int steps, Classifier<LiquidResponse> readout)
    : IModel<LabeledImage, ClassPrediction>
{
    /// <summary>Learned numbers are the readout's; the weights of the liquid were drawn, but have to be held.</summary>
    public Footprint Footprint
    {
        get
        {
            var (learned, synapses) = (readout.Footprint, probe.Weights?.Values.Length ?? 0);
            return learned with { Bytes = learned.Bytes + (long)synapses * sizeof(float) };
        }
    }

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<LabeledImage> batch) => readout.Predict(Responses(probe, batch));

    public static LiquidResponse[] Responses(EventProbe<LabeledImage> probe, IReadOnlyList<LabeledImage> images,
        CancellationToken cancellation = default) => Labeled(probe.Shares(images, cancellation), images);

    static LiquidResponse[] Labeled(float[][] shares, IReadOnlyList<LabeledImage> images) =>
        [.. shares.Zip(images, (own, image) => new LiquidResponse(own, image.Label))];

    public OperationCounts Count(IReadOnlyList<LabeledImage> batch)
    {
        var (shares, layers) = LiquidOperations.Of(probe, "liquid", steps, batch);
        return new([.. layers, .. readout.Count(Labeled(shares, batch)).Layers], batch.Count);
    }

    public void Dispose() => readout.Dispose();
}

static class LiquidOperations
{
    /// <summary>Answers to a batch, and what showing it costs; nothing without a liquid.</summary>
    /// <param name="steps">Of a sample.</param>
    public static (float[][] Shares, IReadOnlyList<LayerOperations> Layers) Of<TSample>(EventProbe<TSample> probe, string name, int steps,
        IReadOnlyList<TSample> batch)
    {
        var (shares, spikes, events, inputs) = probe.Watched(batch);
        if (probe.Weights is not { } weights) return (shares, []);
        var (samples, sources) = ((double)batch.Count, weights.Inputs + weights.Neurons);
        return (shares,
        [
            new($"{name}.synapses", "linear", 0, events / samples, (double)steps * weights.Values.Length)
            {
                WeightBytes = (long)weights.Values.Length * sizeof(float), TimeSteps = steps,
                InputRate = Math.Min(1, (spikes + inputs) / (samples * steps * sources)),
            },
            new($"{name}.neurons", "lif", 0, 0, 0)
            {
                Spikes = spikes / samples, NeuronUpdates = (double)steps * weights.Neurons, TimeSteps = steps,
                FiringRate = spikes / (samples * steps * weights.Neurons),
            },
        ]);
    }
}
