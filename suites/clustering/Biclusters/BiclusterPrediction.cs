namespace Suites.Clustering.Biclusters;

/// <summary>The group of each neuron and the state of each bin, 0 or more; numbers are names.</summary>
public sealed record BiclusterPrediction(IReadOnlyList<int> Neurons, IReadOnlyList<int> States)
{
    /// <summary>What else a sampler knows; null for methods without a posterior.</summary>
    public BiclusterPosterior? Posterior { get; init; }
}

/// <summary>A summary of the draws that were kept.</summary>
/// <param name="Groups">Probability of each number of groups of neurons, from 1.</param>
/// <param name="States">Probability of each number of states in use, from 1.</param>
/// <param name="NeuronEntropy">Mean over pairs of neurons of the entropy of being together, in bits.</param>
/// <param name="StateEntropy">The same over pairs of bins.</param>
/// <param name="EffectiveDraws">Of the log density's trace.</param>
/// <param name="LogDensity">Its mean over draws that were kept.</param>
public sealed record BiclusterPosterior(IReadOnlyList<double> Groups, IReadOnlyList<double> States, double NeuronEntropy,
    double StateEntropy, double EffectiveDraws, double LogDensity);
