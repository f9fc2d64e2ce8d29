using Harness.Datasets;

namespace Suites.PlaceRecognition.Tempo;

/// <summary>A feature layer of twice as many neurons as inputs, and one output neuron for each of some consecutive places.</summary>
sealed class TempoModule
{
    const double FeatureExcites = 0.1, FeatureInhibits = 0.5, LeastRate = 0.2, MostRate = 0.9, MostThreshold = 0.5;
    const float WeightRate = 0.005f, ThresholdRate = 0.15f;
    const int Annealed = 100;

    readonly TempoLayer features, outputs;
    readonly float[] rates;
    readonly TempoVariant variant;

    /// <param name="places">The places, in the order of the output neurons.</param>
    public TempoModule(int inputs, int[] places, TempoVariant variant, Chance chance)
    {
        (Places, this.variant) = (places, variant);
        var neurons = 2 * inputs;
        rates = [.. Enumerable.Range(1, neurons).Select(number => (float)(LeastRate + (MostRate - LeastRate) * number / neurons))];
        features = TempoLayer.Random(inputs, [.. rates.Select(_ => (float)(MostThreshold * chance.Unit()))], rates, FeatureExcites,
            FeatureInhibits, chance);
        outputs = TempoLayer.Random(neurons, new float[places.Length], [], 1, 1, chance);
    }

    public int[] Places { get; }

    public long Synapses => features.Synapses + outputs.Synapses;

    public int Neurons => features.Neurons + outputs.Neurons;

    /// <summary>One layer after the other, so many times over all images in an order that is drawn each time.</summary>
    /// <param name="images">Inputs and place of each image.</param>
    public void Learn(IReadOnlyList<(float[] Inputs, int Place)> images, int epochs, Chance chance, CancellationToken cancellation)
    {
        Over(images, epochs, chance, (image, share) =>
        {
            var currents = features.Currents(image.Inputs);
            features.Learn(image.Inputs, currents, features.Spikes(currents), WeightRate * share, ThresholdRate * share, variant);
        }, cancellation);
        Over(images, epochs, chance, (image, share) =>
        {
            var before = features.Spikes(features.Currents(image.Inputs));
            var currents = outputs.Currents(before);
            outputs.Teach(before, rates, currents, outputs.Spikes(currents), Array.IndexOf(Places, image.Place), WeightRate * share);
        }, cancellation);
    }

    // Rates fall with the square of what is left, every hundred images.
    static void Over(IReadOnlyList<(float[] Inputs, int Place)> images, int epochs, Chance chance,
        Action<(float[] Inputs, int Place), float> learn, CancellationToken cancellation)
    {
        var (done, all, share) = (0, (double)images.Count * epochs, 1f);
        int[] order = [.. Enumerable.Range(0, images.Count)];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            chance.Shuffle(order.AsSpan());
            foreach (var image in order)
            {
                cancellation.ThrowIfCancellationRequested();
                if (done % Annealed == 0) share = (float)Math.Pow((all - done) / all, 2);
                learn(images[image], share);
                done++;
            }
        }
    }

    /// <summary>[place of the module]; the larger, the likelier. Also how many synapses carried a spike.</summary>
    public (float[] Scores, long Events) Answer(float[] inputs)
    {
        var events = (long)inputs.Count(input => input > 0) * features.Synapses / inputs.Length;
        var currents = features.Currents(inputs);
        if (variant == TempoVariant.Code) return (outputs.Currents(currents), events + outputs.Synapses);
        var spikes = features.Spikes(currents);
        return (outputs.Spikes(outputs.Currents(spikes)), events + (long)spikes.Count(spike => spike > 0) * outputs.Neurons);
    }
}
