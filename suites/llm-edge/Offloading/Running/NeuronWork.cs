namespace Suites.LlmEdge.Offloading.Running;

/// <summary>Counts the neurons that were really computed.</summary>
sealed class NeuronWork(OffloadingPreparation prepared)
{
    readonly long[] _gates = new long[prepared.Store.Layers], _rests = new long[prepared.Store.Layers],
        _predicted = new long[prepared.Store.Layers];

    public void One(int layer, ReadOnlySpan<float> x, ReadOnlySpan<int> selected, ReadOnlySpan<bool> open)
    {
        _gates[layer] += selected.Length;
        if (prepared.Always is { } always)
        {
            _gates[layer] += prepared.Plan.Hot;
            foreach (var neuron in selected) if (always[layer][neuron]) _gates[layer]--;
        }
        foreach (var one in open) if (one) _rests[layer]++;
        _predicted[layer]++;
    }

    public void Several(int layer, int tokens)
    {
        _gates[layer] += (long)tokens * prepared.Store.Hidden;
        _rests[layer] += (long)tokens * prepared.Store.Hidden;
    }

    /// <param name="dense">The same work with every neuron.</param>
    public OperationCounts Of(OperationCounts dense)
    {
        if (dense.Samples == 0) return dense;
        var predictors = prepared.Predictor is not { } predictor ? [] : predictor.Layers.Select((layer, index) =>
        {
            var macs = (double)_predicted[index] * (layer.First.Length + layer.Second.Length) / dense.Samples;
            return new LayerOperations($"blk.{index}.predictor", "linear", macs, 0, macs)
            { WeightBytes = sizeof(float) * ((long)layer.First.Length + layer.Second.Length) };
        });
        return new([.. dense.Layers.Select(Counted), .. predictors], dense.Samples);

        LayerOperations Counted(LayerOperations layer)
        {
            if (layer.Layer.Split('.') is not ["blk", var index, var name] || !name.StartsWith("ffn_", StringComparison.Ordinal))
                return layer;
            var neurons = (name == "ffn_gate" ? _gates : _rests)[int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)];
            return layer with { Macs = (double)neurons * prepared.Store.Width / dense.Samples };
        }
    }
}
