using MathNet.Numerics;

namespace Suites.Clustering.Splits;

/// <summary>The test of Anderson and Darling (1952) whether numbers come from a normal distribution of unknown mean and variance.</summary>
static class AndersonDarling
{
    /// <summary>The statistic corrected for the size of the sample (Stephens 1974); 0 where all numbers are equal.</summary>
    public static double Statistic(IReadOnlyCollection<double> sample)
    {
        var (count, mean) = (sample.Count, sample.Average());
        var deviation = Math.Sqrt(sample.Sum(value => (value - mean) * (value - mean)) / (count - 1));
        if (!(deviation > 0)) return 0;
        double[] scores = [.. sample.Select(value => (value - mean) / deviation).Order()];
        var sum = 0.0;
        for (var at = 0; at < count; at++) sum += (2 * at + 1) * (LogBelow(scores[at]) + LogBelow(-scores[count - 1 - at]));
        return (-count - sum / count) * (1 + 4.0 / count - 25.0 / ((double)count * count));
    }

    // Logarithm of the normal distribution function; beyond 37 deviations it is below every double.
    static double LogBelow(double score) => Math.Log(Math.Max(double.Epsilon, 0.5 * SpecialFunctions.Erfc(-score / Math.Sqrt(2))));
}
