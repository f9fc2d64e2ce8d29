namespace Harness.Testing;

/// <summary>What operation counts must be in themselves and between batches.</summary>
static class CountClauses
{
    public static void Hold(Clause clause, LayerOperations layer)
    {
        foreach (var (name, value) in Numbers(layer))
            clause.Hold(double.IsFinite(value) && value >= 0, $"layer '{layer.Layer}' counts {name} = {value}");
        foreach (var (name, rate) in new[] { ("an input rate", layer.InputRate), ("a firing rate", layer.FiringRate) })
            clause.Hold(rate is null or (>= 0 and <= 1), $"layer '{layer.Layer}' has {name} of {rate}; a rate is within 0..1");
        clause.Hold(layer.TimeSteps >= 1, $"layer '{layer.Layer}' has {layer.TimeSteps} time steps; at least 1 is taken");
    }

    /// <summary>The mean over a batch is the mean over its parts, each weighted by its samples.</summary>
    /// <param name="tolerance">Relative, because a spike may depend on the last bits of a sum and those on the batch.</param>
    public static void HoldMean(Clause clause, OperationCounts whole, IReadOnlyList<OperationCounts> parts, double tolerance)
    {
        foreach (var part in parts)
            clause.Hold(part.Layers.Select(layer => layer.Layer).SequenceEqual(whole.Layers.Select(layer => layer.Layer)),
                $"it named the layers {Names(part)} for one batch and {Names(whole)} for another");
        for (var layer = 0; layer < whole.Layers.Count; layer++)
            foreach (var (index, (name, value)) in Numbers(whole.Layers[layer]).Index())
            {
                var mean = parts.Sum(part => Numbers(part.Layers[layer])[index].Value * part.Samples) / parts.Sum(part => part.Samples);
                clause.Hold(Math.Abs(value - mean) <= tolerance * Math.Max(value, mean),
                    $"layer '{whole.Layers[layer].Layer}' counts {name} = {value} for all samples at once, "
                    + $"but {mean} as the mean of its parts");
            }
    }

    static (string Name, double Value)[] Numbers(LayerOperations layer) =>
    [
        ("macs", layer.Macs), ("acs", layer.Acs), ("dense operations", layer.DenseOperations), ("spikes", layer.Spikes),
        ("neuron updates", layer.NeuronUpdates), ("weight bytes", layer.WeightBytes),
    ];

    static string Names(OperationCounts counts) => string.Join(", ", counts.Layers.Select(layer => layer.Layer));
}
