using System.Runtime.InteropServices;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Pipelines;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>How the three rows of a neuron are read.</summary>
enum NeuronReads
{
    /// <summary>Three requests.</summary>
    Rows,
    /// <summary>One request.</summary>
    Bundle,
    /// <summary>The gate row first, up and down in a second request once the gate has turned out open.</summary>
    GateFirst,
}

/// <summary>What a policy of neurons does.</summary>
/// <param name="ClusterNeurons">Neurons that pass through the pipeline together.</param>
/// <param name="Predictors">By layer; null where they cost nothing.</param>
sealed record NeuronPolicyOptions(NeuronReads Reads, PipelineLevel Level, int ClusterNeurons, IReadOnlyList<PredictorBytes>? Predictors);

/// <summary>
/// Computes the neurons that a predictor asks for, and the hot ones always, and reads those that are not in memory. Memory has two
/// segments, each forgetting what was used longest ago: clusters of hot neurons, and single cold neurons.
/// </summary>
sealed class NeuronPolicy : IWeightPolicy
{
    readonly NeuronLayout _layout;
    readonly StorageModel _storage;
    readonly ComputeCosts _compute;
    readonly ResidencyPlan _plan;
    readonly NeuronPolicyOptions _options;
    readonly LayerPipeline _pipeline;
    readonly IColdMemory _cold;
    readonly CacheSegment _hot;
    readonly List<ClusterWork> _works = [];
    readonly List<int> _members = [];
    long _bytes, _requests;

    public NeuronPolicy(NeuronLayout layout, StorageModel storage, ComputeCosts compute, ResidencyPlan plan, IColdMemory cold,
        NeuronPolicyOptions options)
    {
        (_layout, _storage, _compute, _plan, _cold, _options) = (layout, storage, compute, plan, cold, options);
        _pipeline = new(options.Level, compute.Lanes, storage.Delay);
        _hot = new(plan.HotBytes(layout));
    }

    public IReadOnlyList<(string Segment, SegmentUse Use)> Segments => [("hot", _hot.Use), ("cold", _cold.Use)];
    public long Held => _hot.Held + _cold.Held;
    public int Hot => _plan.Hot;

    public LayerCost Decode(int layer, ReadOnlySpan<int> selected, ReadOnlySpan<bool> active)
    {
        (_bytes, _requests) = (0, 0);
        _works.Clear();
        var rank = _plan.Rank[layer];
        foreach (var neuron in selected)
        {
            if (rank[neuron] < _plan.Hot) continue;
            _members.Add(neuron);
            if (_members.Count == _options.ClusterNeurons) AddCold(layer, active);
        }
        if (_members.Count > 0) AddCold(layer, active);
        if (_options.Predictors is { } predictors) Charge(predictors[layer]);
        for (var first = 0; first < _plan.Hot; first += _options.ClusterNeurons) AddHot(layer, first);
        _cold.EndToken(layer);
        var times = _pipeline.Run(CollectionsMarshal.AsSpan(_works));
        return new(times.Makespan, times.Compute, _bytes, _requests);
    }

    /// <summary>All neurons, those in memory first; what is read serves this call only and pushes nothing out.</summary>
    public LayerCost Prefill(int layer, int tokens)
    {
        var missing = 0;
        for (var first = 0; first < _plan.Hot; first += _options.ClusterNeurons)
        {
            var (key, count) = (HotKey(layer, first), HotCount(first));
            if (_hot.Holds(key)) continue;
            missing += count;
            _hot.Keep(key, count * _layout.BundleBytes);
        }
        for (var place = _plan.Hot; place < _layout.Hidden; place++)
            if (!_cold.Holds(layer, _plan.Order[layer][place])) missing++;
        var size = missing * _layout.BundleBytes;
        var reading = missing == 0 ? 0 : _storage.Busy(1, size) + _storage.Delay;
        var seconds = _compute.Dense(_layout.LayerBytes, tokens);
        return new(Math.Max(reading, seconds / _compute.Lanes), seconds, _storage.Aligned(size), missing == 0 ? 0 : 1);
    }

    void AddCold(int layer, ReadOnlySpan<bool> active)
    {
        int gates = 0, rests = 0, open = 0;
        foreach (var neuron in _members)
        {
            if (active[neuron]) open++;
            var missing = _cold.Ask(layer, neuron, _options.Reads != NeuronReads.GateFirst || active[neuron]);
            if (missing.Gate) gates++;
            if (missing.Rest) rests++;
        }
        var row = _layout.RowBytes;
        var (gateRead, restRead) = _options.Reads switch
        {
            NeuronReads.Rows => (Read(gates, row), Read(2 * rests, row)),
            NeuronReads.Bundle => (Read(gates, _layout.BundleBytes), 0),
            _ => (Read(gates, row), Read(rests, 2 * row)),
        };
        _works.Add(new(0, gateRead, _compute.Sparse(_members.Count * row), restRead, _compute.Sparse(2 * open * row)));
        _members.Clear();
    }

    double Read(int requests, long bytes)
    {
        (_requests, _bytes) = (_requests + requests, _bytes + requests * _storage.Aligned(bytes));
        return _storage.Busy(requests, bytes);
    }

    // A cluster is known once the predictor has seen its part of the layer: all clusters together see all of it.
    void Charge(PredictorBytes predictor)
    {
        var (shared, whole) = (_compute.Dense(predictor.Shared), _compute.Dense((_layout.Hidden - _plan.Hot) * predictor.Neuron));
        if (_works.Count == 0) _works.Add(new(shared + whole, 0, 0, 0, 0));
        else
            for (var i = 0; i < _works.Count; i++)
                _works[i] = _works[i] with { Predict = whole / _works.Count + (i == 0 ? shared : 0) };
    }

    void AddHot(int layer, int first)
    {
        var (count, reading) = (HotCount(first), 0.0);
        if (!_hot.Find(HotKey(layer, first)))
        {
            reading = Read(1, count * _layout.BundleBytes);
            _hot.Keep(HotKey(layer, first), count * _layout.BundleBytes);
        }
        _works.Add(new(0, reading, _compute.Dense(count * _layout.RowBytes), 0, _compute.Dense(2 * count * _layout.RowBytes)));
    }

    int HotCount(int first) => Math.Min(_options.ClusterNeurons, _plan.Hot - first);

    long HotKey(int layer, int first) => (long)layer * _layout.Hidden + first;
}
