using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>Sees what a token needed of a layer.</summary>
/// <param name="selected">Neurons asked for by the selector, ascending.</param>
/// <param name="open">By neuron: whether its gate was computed and is open.</param>
delegate void NeuronObserver(int layer, ReadOnlySpan<float> x, ReadOnlySpan<int> selected, ReadOnlySpan<bool> open);

/// <summary>
/// Computes a feed-forward layer neuron by neuron, for one token at a time: products with the gate and up rows of selected neurons, then
/// the sum of their down columns. A neuron whose gate is closed adds nothing, so that a selection which holds all open ones is exact but
/// for the order of sums. Allocates nothing per token.
/// </summary>
/// <param name="positiveUps">ReLU(g) · ReLU(u) instead of ReLU(g) · u.</param>
/// <param name="always">Neurons of each layer that are computed whatever the selector says; null is none.</param>
sealed unsafe class SparseFeedForward(NeuronStore store, INeuronSource source, INeuronSelector selector, bool positiveUps,
    IReadOnlyList<bool[]>? always = null) : IFeedForward
{
    readonly int[] _selected = new int[store.Hidden];
    readonly int[] _wanted = new int[store.Hidden];
    readonly bool[] _open = new bool[store.Hidden];
    readonly bool[] _asked = new bool[store.Hidden];

    /// <summary>Sees every token of every layer that is computed here.</summary>
    public NeuronObserver? Watch { get; set; }

    /// <summary>Is told of tokens that the decoder computed densely, several at once.</summary>
    public Action<int, int>? Dense { get; set; }

    public void One(int layer, ReadOnlySpan<float> x, Span<float> sums)
    {
        var count = selector.Select(layer, x, _selected);
        Array.Clear(_open);
        sums.Clear();
        for (var left = Wanted(layer, count); left.Length > 0; left = left[Math.Min(left.Length, source.Most)..])
        {
            var some = left[..Math.Min(left.Length, source.Most)];
            source.Ask(layer, some);
            foreach (var neuron in some) Add(layer, neuron, x, sums);
        }
        Watch?.Invoke(layer, x, _selected.AsSpan(0, count), _open);
    }

    // Ascending, those that are always computed among them.
    ReadOnlySpan<int> Wanted(int layer, int count)
    {
        if (always is null) return _selected.AsSpan(0, count);
        Array.Clear(_asked);
        for (var i = 0; i < count; i++) _asked[_selected[i]] = true;
        var wanted = 0;
        for (var neuron = 0; neuron < store.Hidden; neuron++) if (_asked[neuron] || always[layer][neuron]) _wanted[wanted++] = neuron;
        return _wanted.AsSpan(0, wanted);
    }

    public void Several(int layer, int tokens) => Dense?.Invoke(layer, tokens);

    void Add(int layer, int neuron, ReadOnlySpan<float> x, Span<float> sums)
    {
        var width = store.Width;
        var rows = source.Bundle(layer, neuron);
        var gate = Vectors.Dot(new(rows, width), x);
        if (gate <= 0) return;
        _open[neuron] = true;
        var up = Vectors.Dot(new(rows + width, width), x);
        if (positiveUps) up = MathF.Max(up, 0);
        if (up != 0) Vectors.AddScaled(sums, gate * up, new(rows + 2 * width, width));
    }
}
