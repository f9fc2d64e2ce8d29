using Suites.Clustering.Tensors;

namespace Suites.Clustering.Metrics.Tensors;

/// <summary>How well planted motifs are matched by those that were found.</summary>
public sealed record MotifCongruence : IMetric<PairTensor, MotifPrediction>
{
    public MetricCard Card { get; } = new("motif-congruence", 1, "Congruence of motifs", "1", Direction.Higher)
    {
        Definition = "The product of the cosines of pairs, times and animals of a planted motif and the one that was found for it, matched "
            + "one to one; 0 where none is left. The mean over planted motifs, then over tensors. Its interval resamples tensors.",
        Source = "Tucker's coefficient of congruence for each axis; Lorenzo-Seva and ten Berge, Methodology 2, 2006, call 0.95 equal",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<PairTensor, MotifPrediction> Begin() => Tally.Mean<PairTensor, MotifPrediction>((tensor, found) =>
        MotifMatch.Of(tensor.Motifs, found.Motifs).Average(match => match.Congruence));
}

/// <summary>The share of tensors in which every planted motif is matched.</summary>
public sealed record MatchedMotifs : IMetric<PairTensor, MotifPrediction>
{
    public const double Least = 0.95;

    public MetricCard Card { get; } = new("motifs-matched", 1, "Tensors with all motifs matched", "1", Direction.Higher)
    {
        Definition = "The share of tensors in which every planted motif is matched with a congruence of 0.95 at least.",
    };

    public ITally<PairTensor, MotifPrediction> Begin() => Tally.Mean<PairTensor, MotifPrediction>((tensor, found) =>
        MotifMatch.Of(tensor.Motifs, found.Motifs).All(match => match.Congruence >= Least) ? 1 : 0);
}

/// <summary>How many motifs were found, beside those that were planted.</summary>
public sealed record ExcessMotifs : IMetric<PairTensor, MotifPrediction>
{
    public MetricCard Card { get; } = new("excess-motifs", 1, "Motifs found more than there are", "1", Direction.Neutral)
    {
        Definition = "Motifs that were found, less those that were planted; the mean over tensors, so that too many and too few may "
            + "cancel.",
    };

    public ITally<PairTensor, MotifPrediction> Begin() =>
        Tally.Mean<PairTensor, MotifPrediction>((tensor, found) => found.Motifs.Count - tensor.Motifs.Count);
}

/// <summary>The share of tensors in which as many motifs were found as were planted.</summary>
public sealed record ExactMotifCount : IMetric<PairTensor, MotifPrediction>
{
    public MetricCard Card { get; } = new("motif-count-exact", 1, "Tensors with the right number of motifs", "1", Direction.Higher)
    {
        Definition = "The share of tensors in which as many motifs were found as were planted.",
    };

    public ITally<PairTensor, MotifPrediction> Begin() =>
        Tally.Mean<PairTensor, MotifPrediction>((tensor, found) => found.Motifs.Count == tensor.Motifs.Count ? 1 : 0);
}

/// <summary>Whether the communities of a motif's graph are its members and the others.</summary>
public sealed record MotifRandIndex : IMetric<PairTensor, MotifPrediction>
{
    public MetricCard Card { get; } = new("motif-adjusted-rand-index", 1, "Adjusted Rand index of a motif's nodes", "1", Direction.Higher)
    {
        Definition = "Agreement of the communities of a found motif with members and others of the planted one that it is matched with, "
            + "over all pairs of nodes, corrected for chance; 0 where none is matched. The mean over planted motifs, then over tensors.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
    };

    public ITally<PairTensor, MotifPrediction> Begin() => Tally.Mean<PairTensor, MotifPrediction>((tensor, found) =>
        MotifMatch.Of(tensor.Motifs, found.Motifs).Average(match => match.Found is null ? 0
            : AdjustedRandIndex.Of(Contingency.Of(match.Planted.Groups, match.Found.Groups, "nodes"))));
}

/// <summary>How much of a tensor its factors leave unexplained.</summary>
public sealed record RelativeError : IMetric<PairTensor, MotifPrediction>
{
    public MetricCard Card { get; } = new("relative-error", 1, "Relative error of the factors", "1", Direction.Lower)
    {
        Definition = "Root of the squared error of all factors over the squared values; the mean over tensors. Noise of the same mean "
            + "square as what is planted leaves 0.71.",
    };

    public ITally<PairTensor, MotifPrediction> Begin() => Tally.Mean<PairTensor, MotifPrediction>(static (_, found) => found.Error);
}
