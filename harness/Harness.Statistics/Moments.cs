namespace Harness.Statistics;

/// <summary>Mean and spread of repeated measurements. The standard deviation divides by n − 1.</summary>
/// <param name="StandardDeviation">Of one measurement; 0 is a real zero, a single measurement has no spread and is refused.</param>
public sealed record Moments(int Count, double Mean, double StandardDeviation)
{
    public double StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <exception cref="ArgumentException">Fewer than two values, or one that is not finite.</exception>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        Ensure.AtLeast(2, values.Length, "A standard deviation");
        Ensure.Finite(values);
        var mean = MeanOf(values);
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return new(values.Length, mean, Math.Sqrt(squares / (values.Length - 1)));
    }

    /// <summary>Student's t interval for the mean of normal measurements, e.g. a score over seeds.</summary>
    public Interval Interval(double level = 0.95)
    {
        Ensure.Level(level);
        var half = Probability.StudentQuantile(0.5 + level / 2, Count - 1) * StandardError;
        return new(Mean - half, Mean + half, level);
    }

    internal static double MeanOf(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        var mean = sum / values.Length;
        var rest = 0.0;
        foreach (var value in values) rest += value - mean;
        return mean + rest / values.Length;
    }
}
