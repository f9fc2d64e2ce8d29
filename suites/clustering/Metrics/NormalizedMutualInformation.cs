using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>The mean of two entropies by which mutual information is divided; papers differ and seldom say.</summary>
public enum EntropyMean { Arithmetic, Geometric, Minimum, Maximum }

/// <summary>
/// Mutual information of two partitions over a mean of their entropies; with the arithmetic mean it is the V-measure (Rosenberg and
/// Hirschberg 2007). It is not corrected for chance: many small clusters raise it. No interval is stated, because resampling raises it as
/// well.
/// </summary>
public sealed record NormalizedMutualInformation(EntropyMean Mean = EntropyMean.Arithmetic) : IMetric<LabeledPoint, ClusterPrediction>
{
    public MetricCard Card { get; } = new(
        Mean == EntropyMean.Arithmetic ? "normalized-mutual-information" : $"normalized-mutual-information-{Normaliser(Mean)}", 1,
        Mean == EntropyMean.Arithmetic ? "Normalized mutual information" : $"Normalized mutual information, {Word(Mean)}", "1",
        Direction.Higher)
    {
        Definition = $"Mutual information of reference and predicted partition over the {Word(Mean)} of their entropies "
            + $"({Normaliser(Mean)} normaliser): 0 is independent, 1 is equal; two partitions of one cluster each are equal. Not corrected "
            + "for chance. Points predicted as noise count as one cluster.",
        Source = "Strehl and Ghosh, Journal of Machine Learning Research 3, 2002; normalisers as in scikit-learn since 0.22",
    };

    public ITally<LabeledPoint, ClusterPrediction> Begin() => new PartitionTally(Of);

    internal double Of(Contingency table)
    {
        var (reference, predicted, mutual) = Entropies.Of(table);
        if (reference == 0 && predicted == 0) return 1;
        var mean = Of(Mean, reference, predicted);
        return mean == 0 ? 0 : Math.Clamp(mutual / mean, 0, 1); // rounding may leave it a few last places outside
    }

    internal static double Of(EntropyMean mean, double one, double other) => mean switch
    {
        EntropyMean.Arithmetic => (one + other) / 2,
        EntropyMean.Geometric => Math.Sqrt(one * other),
        EntropyMean.Minimum => Math.Min(one, other),
        EntropyMean.Maximum => Math.Max(one, other),
        _ => throw new ArgumentOutOfRangeException(nameof(mean), mean, "No such mean."),
    };

    static string Normaliser(EntropyMean mean) => mean.ToString().ToLowerInvariant();

    static string Word(EntropyMean mean) => mean switch
    {
        EntropyMean.Arithmetic => "arithmetic mean",
        EntropyMean.Geometric => "geometric mean",
        EntropyMean.Minimum => "minimum",
        _ => "maximum",
    };
}
