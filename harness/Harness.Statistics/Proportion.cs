using MathNet.Numerics.Distributions;

namespace Harness.Statistics;

/// <summary>Intervals for a share of successes among independent trials.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval (1927): near-nominal coverage, never outside 0..1, and not empty at 0 or n successes.</summary>
    public static Interval Wilson(int successes, int trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var z = Normal.InvCDF(0, 1, 0.5 + level / 2);
        double n = trials, p = successes / n, z2 = z * z;
        var center = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new(successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half, level);
    }

    /// <summary>Clopper and Pearson's interval (1934) from the exact binomial distribution: coverage is never below the level.</summary>
    public static Interval Exact(int successes, int trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var tail = (1 - level) / 2;
        var low = successes == 0 ? 0 : Quantiles.Beta(successes, trials - successes + 1.0, tail);
        var high = successes == trials ? 1 : Quantiles.Beta(successes + 1.0, trials - successes, 1 - tail);
        return new(low, high, level);
    }

    static void Check(int successes, int trials, double level)
    {
        Ensure.Level(level);
        if (trials < 1 || successes < 0 || successes > trials)
            throw new ArgumentOutOfRangeException(nameof(successes), $"{successes} successes in {trials} trials is no proportion.");
    }
}
