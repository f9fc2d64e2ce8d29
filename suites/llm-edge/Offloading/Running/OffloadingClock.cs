using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Policies;

namespace Suites.LlmEdge.Offloading.Running;

/// <summary>Follows a decoder through one text, token by token, and adds up what a policy would have made of it.</summary>
/// <param name="policy">With nothing in memory yet.</param>
/// <param name="streaming">What policies are compared with: all weights streamed.</param>
/// <param name="truth">All open gates: what selections are judged by.</param>
sealed class OffloadingClock(IWeightPolicy policy, IWeightPolicy streaming, INeuronSelector truth, OffloadingSizes sizes)
{
    const int Stretch = 64, MostStretches = 256;

    readonly int[] _true = new int[sizes.Layout.Hidden];
    readonly bool[] _open = new bool[sizes.Layout.Hidden];
    readonly List<double> _openShares = [], _speedUps = [];
    LayerCost _cost, _prefill;
    double _stretchSeconds, _stretchStreaming;
    long _tokens, _prefillTokens, _openCount, _asked, _foreseen, _stretchOpen;

    /// <summary>One token in one layer.</summary>
    public void One(int layer, ReadOnlySpan<float> x, ReadOnlySpan<int> selected, ReadOnlySpan<bool> open)
    {
        if (layer == 0) EndStretch();
        var cost = policy.Decode(layer, selected, open);
        _cost += cost;
        _stretchSeconds += cost.Seconds;
        _stretchStreaming += streaming.Decode(layer, selected, open).Seconds;
        if (layer == 0) _tokens++;
        Judge(layer, x, selected);
    }

    /// <summary>Several tokens in one layer, computed densely.</summary>
    public void Several(int layer, int tokens)
    {
        _prefill += policy.Prefill(layer, tokens);
        if (layer == 0) _prefillTokens += tokens;
    }

    public OffloadingReport Report()
    {
        EndStretch();
        var (hot, cold) = (Use(0), Use(1));
        return new(_tokens, _cost.Seconds + _tokens * sizes.OtherSeconds, _cost.Seconds, _cost.Compute / sizes.Lanes,
            _tokens * sizes.PredictorSeconds, _cost.FlashBytes, _cost.Requests)
        {
            HotLookups = hot.Lookups, HotHits = hot.Hits, ColdLookups = cold.Lookups, ColdHits = cold.Hits,
            Neurons = _tokens * sizes.Layout.Layers * sizes.Layout.Hidden, Open = _openCount, Asked = _asked, Foreseen = _foreseen,
            PrefillTokens = _prefillTokens, PrefillSeconds = _prefill.Seconds, HeldBytes = sizes.ResidentBytes + policy.Held,
            CapBytes = sizes.CapBytes, ModelBytes = sizes.ModelBytes, Hot = policy.Hot, OpenShares = _openShares, SpeedUps = _speedUps,
        };
    }

    void Judge(int layer, ReadOnlySpan<float> x, ReadOnlySpan<int> selected)
    {
        var count = truth.Select(layer, x, _true);
        Array.Clear(_open);
        foreach (var neuron in _true.AsSpan(0, count)) _open[neuron] = true;
        foreach (var neuron in selected) if (_open[neuron]) _foreseen++;
        (_openCount, _stretchOpen, _asked) = (_openCount + count, _stretchOpen + count, _asked + selected.Length);
    }

    // The first stretches fill the caches and say so by their speed.
    void EndStretch()
    {
        if (_tokens == 0 || _tokens % Stretch != 0 || _speedUps.Count >= MostStretches || _stretchSeconds == 0) return;
        _openShares.Add((double)_stretchOpen / ((double)Stretch * sizes.Layout.Layers * sizes.Layout.Hidden));
        _speedUps.Add((_stretchStreaming + Stretch * sizes.OtherSeconds) / (_stretchSeconds + Stretch * sizes.OtherSeconds));
        (_stretchOpen, _stretchSeconds, _stretchStreaming) = (0, 0, 0);
    }

    SegmentUse Use(int segment) => policy.Segments.Count > segment ? policy.Segments[segment].Use : SegmentUse.None;
}
