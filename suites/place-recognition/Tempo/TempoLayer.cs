using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Datasets;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Tempo;

/// <summary>
/// A layer whose spikes are amplitudes from 0 to 0.9, one for each neuron and image: the later a spike would come in the cycle of a theta
/// oscillation, the smaller it is. A synapse excites or inhibits for good.
/// </summary>
/// <param name="rates">Target rate of each neuron; empty where thresholds are not adapted.</param>
sealed class TempoLayer(int inputs, float[] thresholds, float[] rates, float[] weights)
{
    const float Largest = 0.9f, Target = 0.5f, MostWeight = 10, LeastWeight = 1e-6f, Homeostasis = 50;

    readonly float[] signs = Array.ConvertAll(weights, weight => (float)Math.Sign(weight));

    public int Inputs => inputs;
    public int Neurons => thresholds.Length;

    /// <summary>[neuron, input]</summary>
    public ReadOnlySpan<float> Weights => weights;

    public ReadOnlySpan<float> Thresholds => thresholds;

    /// <summary>Synapses there are; their number never changes.</summary>
    public long Synapses { get; } = weights.LongCount(weight => weight != 0);

    /// <summary>
    /// Excitation around 0.5 and inhibition around -0.5, of deviation 1/6, each at a share of the places, over the mean input that a neuron
    /// has of its kind.
    /// </summary>
    public static TempoLayer Random(int inputs, float[] thresholds, float[] rates, double excites, double inhibits, Chance chance)
    {
        var weights = new float[inputs * thresholds.Length];
        foreach (var (share, sign) in new[] { (excites, 1), (inhibits, -1) })
            for (var at = 0; at < weights.Length; at++)
                if (chance.Unit() < share)
                    weights[at] += sign * (float)(Math.Max(0, 0.5 + chance.Normal() / 6) / (0.5 * share * inputs));
        return new(inputs, thresholds, rates, weights);
    }

    /// <summary>Sums of weighted inputs [neuron], before thresholds.</summary>
    public float[] Currents(ReadOnlySpan<float> spikes)
    {
        var currents = new float[Neurons];
        for (var neuron = 0; neuron < currents.Length; neuron++)
            currents[neuron] = (float)Products.Dot(weights.AsSpan(neuron * inputs, inputs), spikes);
        return currents;
    }

    public float[] Spikes(float[] currents) =>
        [.. currents.Zip(thresholds, (current, threshold) => Math.Clamp(current - threshold, 0, Largest))];

    /// <summary>
    /// Without a teacher: a synapse between two that spike moves its neuron towards 0.5; thresholds move by the difference of spikes and
    /// target rate.
    /// </summary>
    /// <param name="rate">Of weights.</param>
    /// <param name="adaptation">Of thresholds.</param>
    public void Learn(ReadOnlySpan<float> before, float[] currents, float[] spikes, float rate, float adaptation, TempoVariant variant)
    {
        var spiked = new float[inputs];
        for (var input = 0; input < inputs; input++) spiked[input] = before[input] > 0 ? 1 : 0;
        for (var neuron = 0; neuron < Neurons; neuron++)
        {
            Move(neuron, spiked, spikes[neuron] > 0 ? (Target - spikes[neuron]) * rate : 0, currents[neuron] * rate * Homeostasis);
            if (rates.Length > 0) thresholds[neuron] = Math.Max(0, thresholds[neuron]
                + adaptation * ((variant == TempoVariant.Code ? 0 : spikes[neuron]) - rates[neuron]));
        }
    }

    /// <summary>With a teacher: neuron <paramref name="right"/> shall spike with 0.5, all others not at all.</summary>
    /// <param name="beforeRates">Target rates of the neurons before: who spikes rarely teaches more.</param>
    public void Teach(ReadOnlySpan<float> before, ReadOnlySpan<float> beforeRates, float[] currents, float[] spikes, int right, float rate)
    {
        var weighted = new float[inputs];
        for (var input = 0; input < inputs; input++) weighted[input] = before[input] / beforeRates[input];
        for (var neuron = 0; neuron < Neurons; neuron++)
            Move(neuron, weighted, ((neuron == right ? Target : 0) - spikes[neuron]) * rate, currents[neuron] * rate * Homeostasis);
    }

    // Weights move along a direction; each keeps its sign, and none that is there is lost. Then inhibition grows with what the neuron
    // receives, and shrinks where that is below 0.
    void Move(int neuron, float[] direction, float by, float growth)
    {
        var row = neuron * inputs;
        var kinds = signs.AsSpan(row, inputs);
        var values = MemoryMarshal.Cast<float, Vector<float>>(weights.AsSpan(row, inputs));
        var along = MemoryMarshal.Cast<float, Vector<float>>(direction.AsSpan());
        var sides = MemoryMarshal.Cast<float, Vector<float>>(kinds);
        for (var lane = 0; lane < values.Length; lane++)
        {
            var moved = values[lane] + along[lane] * by;
            var excited = Vector.Max(new(LeastWeight), Vector.Min(new(MostWeight), moved));
            var inhibited = Vector.Max(new(-MostWeight), Vector.Min(new(-LeastWeight), moved)) * (1 + growth);
            values[lane] = Vector.ConditionalSelect(Vector.GreaterThan(sides[lane], Vector<float>.Zero), excited,
                Vector.ConditionalSelect(Vector.LessThan(sides[lane], Vector<float>.Zero), inhibited, Vector<float>.Zero));
        }
        for (var rest = values.Length * Vector<float>.Count; rest < inputs; rest++)
        {
            ref var weight = ref weights[row + rest];
            var moved = weight + direction[rest] * by;
            weight = kinds[rest] switch
            {
                > 0 => Math.Clamp(moved, LeastWeight, MostWeight),
                < 0 => Math.Clamp(moved, -MostWeight, -LeastWeight) * (1 + growth),
                _ => 0,
            };
        }
    }
}
