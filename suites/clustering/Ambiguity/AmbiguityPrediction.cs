namespace Suites.Clustering.Ambiguity;

/// <summary>How unclear the clusters of a scatterplot are.</summary>
/// <param name="Ambiguity">0 (all would see the same clusters) to 1.</param>
/// <param name="Components">Gaussians that describe the plot.</param>
/// <param name="Pairs">Those of which one may ask whether they are one cluster.</param>
public sealed record AmbiguityPrediction(double Ambiguity, int Components, IReadOnlyList<JudgedPair> Pairs);

/// <param name="One">Number of a component, from 0.</param>
/// <param name="Single">Probability that somebody sees both as a single cluster.</param>
public sealed record JudgedPair(int One, int Other, double Single, PairFeatures Features);
