using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>What is counted: Poisson, or negative binomial with mean λ and variance λ + λ²/r.</summary>
public enum CountModel { NegativeBinomial, Poisson }

/// <summary>Counts of a recording, each neuron's bins filled up with zeros to whole vectors.</summary>
sealed class CountTable
{
    readonly double[] _counts;

    /// <exception cref="TrainingFailedException">There is no neuron, less than two bins, or a count is negative.</exception>
    public CountTable(CountRecording recording)
    {
        (Neurons, Bins, Stride) = (recording.Neurons, recording.Bins, Trajectory.Padded(recording.Bins));
        if (Neurons < 1 || Bins < 2 || recording.Counts.Length != Neurons * Bins)
            throw new TrainingFailedException($"A recording has {Neurons} neurons, {Bins} bins and {recording.Counts.Length} counts; "
                + "give at least one neuron and two bins, and a count for every pair.");
        _counts = new double[Neurons * Stride];
        var counts = recording.Counts.Span;
        for (var neuron = 0; neuron < Neurons; neuron++)
            for (var bin = 0; bin < Bins; bin++)
            {
                var count = counts[neuron * Bins + bin];
                if (count < 0)
                    throw new TrainingFailedException($"Neuron {neuron} has {count} spikes in bin {bin}; counts are 0 or more.");
                _counts[neuron * Stride + bin] = count;
            }
    }

    public int Neurons { get; }
    public int Bins { get; }

    /// <summary>Bins of a neuron with those that fill up the last vector.</summary>
    public int Stride { get; }

    public ReadOnlySpan<double> this[int neuron] => _counts.AsSpan(neuron * Stride, Stride);
}
