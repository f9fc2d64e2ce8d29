using Harness.Datasets;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// A fixed liquid, all to all: V = decay V + sum of input counts and of the last step's spikes times their weights; a neuron whose V is the
/// threshold or more fires and starts again at 0. What it answers are its spike counts.
/// </summary>
sealed class RandomLiquid(LiquidWeights weights, double decay, double threshold)
{
    /// <summary>Spikes and single products of a spike and a weight, over all that was shown.</summary>
    public (long Spikes, long Events) Work { get; private set; }

    /// <param name="counts">[step, input]</param>
    /// <param name="noise">Draws of the reads; a read of many devices is one draw, as their noises are normal and add up.</param>
    /// <returns>[neuron] spikes.</returns>
    public int[] Show(ReadOnlySpan<byte> counts, Chance noise)
    {
        if (counts.Length % weights.Inputs != 0)
            throw new ArgumentException($"{counts.Length} counts are no whole steps of {weights.Inputs} inputs.", nameof(counts));
        var neurons = weights.Neurons;
        var (potentials, fired, answers) = (new float[neurons], new List<int>(), new int[neurons]);
        var variance = new float[weights.Variance.Length == 0 ? 0 : neurons];
        long spikes = 0, events = 0;
        for (var first = 0; first < counts.Length; first += weights.Inputs)
        {
            Vectors.Scale(potentials.AsSpan(), (float)decay);
            variance.AsSpan().Clear();
            for (var input = 0; input < weights.Inputs; input++)
                if (counts[first + input] is > 0 and var count) Add(input, count);
            foreach (var neuron in fired) Add(weights.Inputs + neuron, 1);
            for (var neuron = 0; neuron < variance.Length; neuron++)
                if (variance[neuron] > 0) potentials[neuron] += MathF.Sqrt(variance[neuron]) * (float)noise.Normal();
            fired.Clear();
            for (var neuron = 0; neuron < neurons; neuron++)
            {
                if (potentials[neuron] < threshold) continue;
                fired.Add(neuron);
                potentials[neuron] = 0;
                answers[neuron]++;
            }
            spikes += fired.Count;
        }
        Work = (Work.Spikes + spikes, Work.Events + events);
        return answers;

        void Add(int source, float count)
        {
            Vectors.AddTimes(potentials.AsSpan(), weights.Values.AsSpan(source * neurons, neurons), count);
            if (variance.Length > 0)
                Vectors.AddTimes(variance.AsSpan(), weights.Variance.AsSpan(source * neurons, neurons), count * count);
            events += (long)count * neurons;
        }
    }
}
