namespace Harness.Datasets;

/// <summary>Spike counts of neurons that were recorded together, with the group of each neuron and the state of each time bin.</summary>
/// <param name="Counts">Axes [neuron, bin], 0 or more.</param>
public sealed record CountRecording(ReadOnlyMemory<int> Counts, int Neurons, int Bins)
{
    /// <summary>Reference group of each neuron, 0 or more; each -1 when withheld.</summary>
    public required ReadOnlyMemory<int> NeuronLabels { get; init; }

    /// <summary>Reference state of each bin, 0 or more; each -1 when withheld.</summary>
    public required ReadOnlyMemory<int> StateLabels { get; init; }

    /// <summary>As a family may see it.</summary>
    public CountRecording WithoutLabels() => this with
    {
        NeuronLabels = Enumerable.Repeat(-1, Neurons).ToArray(),
        StateLabels = Enumerable.Repeat(-1, Bins).ToArray(),
    };
}
