using Harness.Datasets;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>Shows images to a settled liquid, and its responses to a readout.</summary>
sealed class LiquidModel(LiquidShow show, Classifier<LiquidResponse> readout) : IModel<LabeledImage, ClassPrediction>
{
    public Footprint Footprint
    {
        get
        {
            var (learned, wiring) = (readout.Footprint, show.Wiring);
            // A float32 a synapse; which neurons it joins is not counted.
            var bytes = learned.Bytes + (long)wiring.Targets.Length * sizeof(float);
            return new(learned.Parameters + wiring.Targets.Length, bytes, 8 * sizeof(float));
        }
    }

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<LabeledImage> batch) => readout.Predict(show.Responses(batch));

    public OperationCounts Count(IReadOnlyList<LabeledImage> batch)
    {
        var vitals = new LiquidVitals(show.Wiring);
        var (responses, events, changes) = show.Watched(batch, vitals);
        var counted = readout.Count(responses);
        var wiring = show.Wiring;
        double Mean(long sum) => (double)sum / batch.Count;
        var updates = (long)show.Steps * wiring.Neurons;
        return new(
        [
            new("liquid.synapses", "linear", 0, Mean(events), (double)show.Steps * wiring.Targets.Length)
            {
                WeightBytes = (long)wiring.Targets.Length * sizeof(float), TimeSteps = show.Steps,
                InputRate = (double)(vitals.Spikes + vitals.InputSpikes) / ((double)vitals.Steps * (wiring.Inputs + wiring.Neurons)),
            },
            new("liquid.neurons", "lif", 0, 0, 0)
            {
                Spikes = Mean(vitals.Spikes), NeuronUpdates = updates, TimeSteps = show.Steps,
                FiringRate = (double)vitals.Spikes / ((double)vitals.Steps * wiring.Neurons),
            },
            // A change is a rate times a trace, added to a weight.
            new("liquid.plasticity", "stdp", Mean(changes), 0, Mean(changes)) { TimeSteps = show.Steps },
            .. counted.Layers,
        ], batch.Count);
    }

    public void Dispose() => readout.Dispose();
}
