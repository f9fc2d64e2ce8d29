using Harness.Datasets;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>Weights of a random liquid, source by source: [source, neuron]. Sources are the inputs, then the neurons.</summary>
/// <param name="Variance">Squared deviation of each weight at a read; empty where reads are exact.</param>
sealed record LiquidWeights(int Inputs, int Neurons, float[] Values, float[] Variance)
{
    /// <summary>Normal weights times <paramref name="scale"/>, in software.</summary>
    public static LiquidWeights Gaussian(int inputs, int neurons, double scale, Chance chance)
    {
        var values = new float[(inputs + neurons) * neurons];
        for (var at = 0; at < values.Length; at++) values[at] = (float)(scale * chance.Normal());
        return new(inputs, neurons, values, []);
    }

    /// <summary>The same of devices: as they are while the readout is trained, and as they are when it is used.</summary>
    public static (LiquidWeights Fresh, LiquidWeights Aged) Of(ResistiveMemory memory, int inputs, int neurons, double scale, Chance chance)
    {
        var (positive, negative) = memory.Draw((inputs + neurons) * neurons, chance);
        var fresh = Of(positive, negative);
        return (fresh, memory.Drift == 0 ? fresh : Of(memory.Aged(positive, chance), memory.Aged(negative, chance)));

        LiquidWeights Of(float[] positive, float[] negative)
        {
            var (values, variance) = (new float[positive.Length], new float[memory.ReadNoise == 0 ? 0 : positive.Length]);
            for (var at = 0; at < values.Length; at++) values[at] = (float)scale * (positive[at] - negative[at]);
            for (var at = 0; at < variance.Length; at++)
                variance[at] = (float)(Math.Pow(scale * memory.ReadNoise, 2) * (Math.Pow(positive[at], 2) + Math.Pow(negative[at], 2)));
            return new(inputs, neurons, values, variance);
        }
    }
}

/// <summary>Weights in software or in devices, by a plan's choice.</summary>
static class RandomWeights
{
    /// <returns>As the readout is trained, and as it is used.</returns>
    public static (LiquidWeights Fresh, LiquidWeights Used) Of(ResistiveMemory memory, int inputs, int neurons, double scale, long seed)
    {
        var chance = new Chance(unchecked((ulong)seed));
        if (memory.Conductance != Conductance.Software) return LiquidWeights.Of(memory, inputs, neurons, scale, chance);
        var exact = LiquidWeights.Gaussian(inputs, neurons, scale, chance);
        return (exact, exact);
    }
}
