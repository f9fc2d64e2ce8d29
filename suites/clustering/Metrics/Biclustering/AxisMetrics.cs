using Harness.Datasets;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Metrics.Biclustering;

/// <summary>Adjusted Rand index of the groups of neurons, a mean over recordings.</summary>
public sealed record NeuronRandIndex : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("neuron-adjusted-rand-index", 1, "Adjusted Rand index of neurons", "1", Direction.Higher)
    {
        Definition = "Agreement of the groups of neurons with the reference over all pairs of neurons, corrected for chance; the mean over "
            + "recordings. Its interval resamples recordings.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new AxisTally(ofNeurons: true, AdjustedRandIndex.Of);
}

/// <summary>The share of recordings whose groups of neurons are all right.</summary>
public sealed record ExactNeurons : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("neurons-exact", 1, "Recordings with all neurons right", "1", Direction.Higher)
    {
        Definition = "The share of recordings in which the groups of neurons are those of the reference.",
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() =>
        new AxisTally(ofNeurons: true, table => AdjustedRandIndex.Of(table) == 1 ? 1 : 0);
}

/// <summary>The share of bins in the right state, states matched one to one, a mean over recordings.</summary>
public sealed record StateAccuracy : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("state-accuracy", 1, "Accuracy of states", "1", Direction.Higher)
    {
        Definition = "The largest share of bins whose state is matched with their reference state, over all one-to-one matchings; the mean "
            + "over recordings. Its interval resamples recordings.",
        Source = "Wei: Bayesian bi-clustering of neural spiking activity with latent structures, ICLR 2024; matching as in "
            + "clustering-accuracy",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new AxisTally(ofNeurons: false, ClusteringAccuracy.Of);
}

/// <summary>Adjusted Rand index of the states of bins, a mean over recordings.</summary>
public sealed record StateRandIndex : IMetric<CountRecording, BiclusterPrediction>
{
    public MetricCard Card { get; } = new("state-adjusted-rand-index", 1, "Adjusted Rand index of states", "1", Direction.Higher)
    {
        Definition = "Agreement of the states of bins with the reference over all pairs of bins, corrected for chance; the mean over "
            + "recordings.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
    };

    public ITally<CountRecording, BiclusterPrediction> Begin() => new AxisTally(ofNeurons: false, AdjustedRandIndex.Of);
}
