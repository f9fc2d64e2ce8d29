using Suites.LlmEdge.Offloading.Predicting;

namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>How often each neuron was active on calibration texts.</summary>
sealed class ActivationProfile
{
    readonly int[][] _counts;

    public ActivationProfile(int layers, int hidden) => _counts = [.. Enumerable.Range(0, layers).Select(_ => new int[hidden])];

    /// <param name="samples">By layer.</param>
    public static ActivationProfile Of(IReadOnlyList<LayerSamples> samples)
    {
        var profile = new ActivationProfile(samples.Count, samples[0].Hidden);
        for (var layer = 0; layer < samples.Count; layer++)
            for (var token = 0; token < samples[layer].Count; token++) profile.Add(layer, samples[layer].Open(token));
        return profile;
    }

    public int Tokens { get; private set; }

    /// <summary>Counts one token in one layer.</summary>
    /// <param name="active">By neuron.</param>
    public void Add(int layer, ReadOnlySpan<bool> active)
    {
        var counts = _counts[layer];
        for (var i = 0; i < active.Length; i++) if (active[i]) counts[i]++;
        if (layer == 0) Tokens++;
    }

    /// <summary>Share of tokens on which a neuron is active.</summary>
    public double Frequency(int layer, int neuron) => Tokens == 0 ? 0 : (double)_counts[layer][neuron] / Tokens;

    public double[] Frequencies(int layer) => [.. Enumerable.Range(0, _counts[layer].Length).Select(neuron => Frequency(layer, neuron))];

    /// <summary>Share of neurons that are active, over all layers.</summary>
    public double ActiveShare => _counts.Average(layer => layer.Average(count => Tokens == 0 ? 0 : (double)count / Tokens));

    /// <summary>Neurons of a layer, the most often active first; of equals the first.</summary>
    public int[] Order(int layer) => Order(_counts[layer]);

    /// <param name="counts">By neuron.</param>
    public static int[] Order(int[] counts) => [.. Enumerable.Range(0, counts.Length).OrderByDescending(neuron => counts[neuron])
        .ThenBy(neuron => neuron)];

    /// <summary>Chance that a neuron of this frequency is active for some of <paramref name="batch"/> tokens: 1 - (1 - f)^b.</summary>
    public static double InBatch(double frequency, int batch) => 1 - Math.Pow(1 - frequency, batch);
}
