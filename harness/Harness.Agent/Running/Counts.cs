namespace Harness.Agent.Running;

/// <summary>Joins counts of several batches into means over all their samples.</summary>
static class Counts
{
    /// <exception cref="HarnessException">The batches were not counted over the same layers.</exception>
    public static OperationCounts Mean(IReadOnlyList<OperationCounts> counts)
    {
        var samples = counts.Sum(count => count.Samples);
        var names = NamesOf(counts[0]);
        if (counts.Select(NamesOf).FirstOrDefault(other => !other.SequenceEqual(names, StringComparer.Ordinal)) is { } odd)
            throw new HarnessException($"Count named the layers {string.Join(", ", odd)} for one batch and {string.Join(", ", names)} " +
                "for another; layers must be the same for every batch.");
        return new([.. names.Select((_, index) => Mean(index))], samples);

        LayerOperations Mean(int index) => Counts.Mean([.. counts.Select(count => (count.Layers[index], (double)count.Samples / samples))]);
    }

    static List<string> NamesOf(OperationCounts count) => [.. count.Layers.Select(layer => layer.Layer)];

    static LayerOperations Mean(IReadOnlyList<(LayerOperations Layer, double Weight)> parts) => parts[0].Layer with
    {
        Macs = parts.Sum(part => part.Layer.Macs * part.Weight),
        Acs = parts.Sum(part => part.Layer.Acs * part.Weight),
        DenseOperations = parts.Sum(part => part.Layer.DenseOperations * part.Weight),
        InputRate = parts.Any(part => part.Layer.InputRate is null) ? null : parts.Sum(part => part.Layer.InputRate * part.Weight),
        FiringRate = parts.Any(part => part.Layer.FiringRate is null) ? null : parts.Sum(part => part.Layer.FiringRate * part.Weight),
        Spikes = parts.Sum(part => part.Layer.Spikes * part.Weight),
        NeuronUpdates = parts.Sum(part => part.Layer.NeuronUpdates * part.Weight),
    };
}
