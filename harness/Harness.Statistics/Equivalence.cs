using MathNet.Numerics.Distributions;

namespace Harness.Statistics;

/// <summary>Two one-sided tests (Schuirmann 1987) that paired differences lie within a margin on either side of zero.</summary>
/// <param name="Lower">p-value of "the mean difference is at or below −margin".</param>
/// <param name="Upper">p-value of "the mean difference is at or above +margin".</param>
public sealed record Equivalence(double Margin, double Lower, double Upper)
{
    /// <summary>The larger of the two; equivalent at level α when it is at most α.</summary>
    public double P => Math.Max(Lower, Upper);

    /// <param name="margin">The largest difference that does not matter, in the unit of the differences.</param>
    public static Equivalence Test(ReadOnlySpan<double> differences, double margin)
    {
        if (!(margin > 0)) throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin is positive.");
        var moments = Moments.Of(differences);
        if (moments.StandardDeviation == 0) return Constant(margin, moments.Mean);
        var freedom = moments.Count - 1.0;
        return new(margin, StudentT.CDF(0, 1, freedom, -(moments.Mean + margin) / moments.StandardError),
            StudentT.CDF(0, 1, freedom, (moments.Mean - margin) / moments.StandardError));
    }

    // Differences without any spread leave no doubt about their mean.
    static Equivalence Constant(double margin, double mean) => new(margin, mean > -margin ? 0 : 1, mean < margin ? 0 : 1);
}
