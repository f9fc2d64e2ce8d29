using Harness.Datasets;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Metrics.Biclustering;

/// <summary>Posterior probability of the right number of groups of neurons.</summary>
public sealed record GroupCountProbability : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("group-count-probability", 1, "Probability of the right number of groups", "1",
        Direction.Higher)
    {
        Definition = "The share of draws that were kept in which there are as many groups of neurons as in the reference; the mean over "
            + "recordings. Undefined for methods without a posterior.",
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new PosteriorTally(static (recording, posterior) =>
        posterior.Groups.ElementAtOrDefault(recording.NeuronLabels.ToArray().Distinct().Count() - 1));
}

/// <summary>How uncertain the posterior is of which neurons go together.</summary>
public sealed record NeuronEntropy : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("neuron-pair-entropy", 1, "Posterior entropy of pairs of neurons", "bit", Direction.Neutral)
    {
        Definition = "The entropy of two neurons being together, from the share of draws that were kept, as a mean over pairs, then over "
            + "recordings. Undefined for methods without a posterior.",
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new PosteriorTally(static (_, posterior) => posterior.NeuronEntropy);
}

/// <summary>How many independent draws a chain is worth.</summary>
public sealed record EffectiveSampleSize : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("effective-draws", 1, "Effective draws of the log density", "1", Direction.Higher)
    {
        Definition = "Draws that were kept over one plus twice the sum of autocorrelations of their log density; the mean over recordings. "
            + "It says nothing of modes that a chain never visited. Undefined for methods without a posterior.",
        Source = "Geyer: Practical Markov chain Monte Carlo, Statistical Science 7, 1992 (initial monotone sequence)",
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new PosteriorTally(static (_, posterior) => posterior.EffectiveDraws);
}
