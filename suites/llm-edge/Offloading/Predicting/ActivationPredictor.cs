using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Planning;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>Two matrices of a layer: p = W2 ReLU(W1 x), a neuron is worth computing where p ≥ θ.</summary>
/// <param name="Rank">Rows of W1.</param>
/// <param name="First">W1 [rank, width].</param>
/// <param name="Second">W2 [hidden, rank].</param>
sealed record LayerPredictor(int Rank, float[] First, float[] Second, float Threshold)
{
    public int Width => First.Length / Rank;
    public int Hidden => Second.Length / Rank;

    public void Hide(ReadOnlySpan<float> x, Span<float> hidden)
    {
        for (var row = 0; row < Rank; row++) hidden[row] = MathF.Max(0, Vectors.Dot(First.AsSpan(row * x.Length, x.Length), x));
    }

    public float Score(int neuron, ReadOnlySpan<float> hidden) => Vectors.Dot(Second.AsSpan(neuron * Rank, Rank), hidden);
}

/// <summary>
/// Foresees open gates from the input of the layer, as Deja Vu (Liu et al. 2023) and PowerInfer (Song et al. 2023) do with small
/// networks of two layers.
/// </summary>
sealed class ActivationPredictor(IReadOnlyList<LayerPredictor> layers) : INeuronSelector
{
    readonly float[] _hidden = new float[layers.Max(layer => layer.Rank)];

    public IReadOnlyList<LayerPredictor> Layers => layers;

    /// <summary>How often it asks for each neuron.</summary>
    /// <param name="samples">By layer.</param>
    public ActivationProfile ProfileOf(IReadOnlyList<LayerSamples> samples)
    {
        var (profile, selected) = (new ActivationProfile(samples.Count, samples[0].Hidden), new int[samples[0].Hidden]);
        var asked = new bool[selected.Length];
        for (var layer = 0; layer < samples.Count; layer++)
            for (var token = 0; token < samples[layer].Count; token++)
            {
                Array.Clear(asked);
                foreach (var neuron in selected.AsSpan(0, Select(layer, samples[layer].Input(token), selected))) asked[neuron] = true;
                profile.Add(layer, asked);
            }
        return profile;
    }

    public long Bytes => layers.Sum(layer => sizeof(float) * ((long)layer.First.Length + layer.Second.Length));

    public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected)
    {
        var (predictor, count) = (layers[layer], 0);
        var hidden = _hidden.AsSpan(0, predictor.Rank);
        predictor.Hide(x, hidden);
        for (var neuron = 0; neuron < predictor.Hidden; neuron++)
            if (predictor.Score(neuron, hidden) >= predictor.Threshold) selected[count++] = neuron;
        return count;
    }
}
