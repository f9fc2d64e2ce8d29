using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Harness.Statistics;

/// <summary>Quantiles of samples and of the distributions that intervals need.</summary>
public static class Quantiles
{
    /// <summary>Quantile by linear interpolation between order statistics, R's type 7 and NumPy's default. Sorts a copy.</summary>
    /// <param name="share">0 is the minimum, 0.5 the median, 1 the maximum.</param>
    public static double Of(ReadOnlySpan<double> values, double share)
    {
        Ensure.Finite(values);
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return OfSorted(sorted, share);
    }

    /// <summary>As <see cref="Of"/>, of values that are in ascending order already.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        Ensure.AtLeast(1, sorted.Length, "A quantile");
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile's share lies between 0 and 1.");
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        if (below == sorted.Length - 1) return sorted[below];
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }

    public static double Median(ReadOnlySpan<double> values) => Of(values, 0.5);

    internal static double Normal(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);

    internal static double Student(double freedom, double probability) =>
        Polish(StudentT.InvCDF(0, 1, freedom, probability), probability, x => StudentT.CDF(0, 1, freedom, x), x => StudentT.PDF(0, 1, freedom, x));

    internal static double Beta(double a, double b, double probability) => Polish(MathNet.Numerics.Distributions.Beta.InvCDF(a, b, probability), probability,
        x => SpecialFunctions.BetaRegularized(a, b, x), x => MathNet.Numerics.Distributions.Beta.PDF(a, b, x));

    // MathNet inverts by bracketing to an absolute accuracy; Newton steps bring the relative one.
    static double Polish(double quantile, double probability, Func<double, double> distribution, Func<double, double> density)
    {
        for (var step = 0; step < 3; step++)
        {
            var next = quantile - (distribution(quantile) - probability) / density(quantile);
            if (!double.IsFinite(next)) break;
            quantile = next;
        }
        return quantile;
    }
}
