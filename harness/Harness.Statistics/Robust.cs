namespace Harness.Statistics;

/// <summary>Spread that outliers do not move, and outliers brought back to it.</summary>
public static class Robust
{
    /// <summary>1/Φ⁻¹(¾): makes the median absolute deviation estimate the standard deviation of normal values.</summary>
    public const double NormalScale = 1.482602218505602;

    /// <summary>Median of the distances from the median, times <see cref="NormalScale"/>.</summary>
    public static double Deviation(ReadOnlySpan<double> values) => Deviation(values, Quantiles.Median(values));

    /// <summary>
    /// The values with those farther than <paramref name="deviations"/> robust deviations from the median moved to that bound
    /// (Hampel's identifier, clamping instead of deleting). When more than half of the values are equal there is no spread to
    /// measure by, and nothing is moved.
    /// </summary>
    public static double[] Clamp(ReadOnlySpan<double> values, double deviations = 4)
    {
        if (!(deviations > 0))
            throw new ArgumentOutOfRangeException(nameof(deviations), deviations, "A bound is positive, e.g. 4 deviations.");
        var median = Quantiles.Median(values);
        var reach = deviations * Deviation(values, median);
        var clamped = values.ToArray();
        if (reach == 0) return clamped;
        for (var index = 0; index < clamped.Length; index++) clamped[index] = Math.Clamp(clamped[index], median - reach, median + reach);
        return clamped;
    }

    static double Deviation(ReadOnlySpan<double> values, double median)
    {
        var distances = new double[values.Length];
        for (var index = 0; index < distances.Length; index++) distances[index] = Math.Abs(values[index] - median);
        return NormalScale * Quantiles.Median(distances);
    }
}
