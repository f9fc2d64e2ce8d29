using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>Two thin matrices that stand for the gates of a layer: p = U (V x); a neuron is worth computing where p ≥ θ.</summary>
/// <param name="In">V [rank, width].</param>
/// <param name="Out">Uᵀ [rank, hidden]: scores of all neurons are sums of its rows, which is read from end to end.</param>
sealed record LowRankLayer(int Rank, float[] In, float[] Out, float Threshold)
{
    public int Width => In.Length / Rank;
    public int Hidden => Out.Length / Rank;

    /// <summary>U (V x)</summary>
    public void Score(ReadOnlySpan<float> x, Span<float> scores)
    {
        scores.Clear();
        for (var row = 0; row < Rank; row++)
            Vectors.AddScaled(scores, Vectors.Dot(In.AsSpan(row * Width, Width), x), Out.AsSpan(row * Hidden, Hidden));
    }
}

/// <summary>Foresees open gates with a low-rank copy of the gate matrices; nothing is learned but one threshold for each layer.</summary>
sealed class LowRankPredictor(IReadOnlyList<LowRankLayer> layers) : INeuronSelector
{
    readonly float[] _scores = new float[layers[0].Hidden];

    public long Bytes => layers.Sum(layer => sizeof(float) * ((long)layer.In.Length + layer.Out.Length));

    public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected)
    {
        layers[layer].Score(x, _scores);
        var (threshold, count) = (layers[layer].Threshold, 0);
        for (var neuron = 0; neuron < _scores.Length; neuron++)
            if (_scores[neuron] >= threshold) selected[count++] = neuron;
        return count;
    }
}
