using Harness.Datasets;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>
/// The control of predictors: asks for as many neurons as another selector does, but for others, by one fixed permutation of each layer.
/// </summary>
sealed class ShuffledSelector : INeuronSelector
{
    readonly INeuronSelector _selector;
    readonly int[][] _others;

    public ShuffledSelector(INeuronSelector selector, int layers, int hidden, ulong seed)
    {
        var chance = new Chance(seed);
        (_selector, _others) = (selector, [.. Enumerable.Range(0, layers).Select(_ => Enumerable.Range(0, hidden).ToArray())]);
        foreach (var others in _others) chance.Shuffle(others.AsSpan());
    }

    public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected)
    {
        var count = _selector.Select(layer, x, selected);
        for (var i = 0; i < count; i++) selected[i] = _others[layer][selected[i]];
        selected[..count].Sort();
        return count;
    }
}
