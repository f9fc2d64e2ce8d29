namespace Harness.Statistics;

/// <summary>The typical paired difference, robust against outliers (Hodges and Lehmann 1963).</summary>
public static class HodgesLehmann
{
    const int Most = 5_000;

    /// <summary>Median of the means of all pairs of differences, each also paired with itself.</summary>
    public static double Estimate(ReadOnlySpan<double> differences)
    {
        Ensure.AtLeast(1, differences.Length, "A Hodges-Lehmann estimate");
        Ensure.Finite(differences);
        return Quantiles.OfSorted(WalshAverages(differences), 0.5);
    }

    /// <summary>
    /// Interval by inverting Wilcoxon's signed-rank test, that is, by flipping the signs of ranks: exact up to 200 differences, then
    /// normal. <see cref="Statistics.Interval.Level"/> is the coverage reached, which is lower than asked when there are too few
    /// differences. <see cref="SignFlip.Interval"/> flips the differences themselves.
    /// </summary>
    public static Interval Interval(ReadOnlySpan<double> differences, double level = 0.95)
    {
        Ensure.Level(level);
        Ensure.AtLeast(2, differences.Length, "A Hodges-Lehmann interval");
        Ensure.Finite(differences);
        var averages = WalshAverages(differences);
        if (differences.Length > SignedRank.MostExact) return Approximate(averages, differences.Length, level);
        var upTo = SignedRank.Distribution([.. Enumerable.Range(1, differences.Length)]);
        // The largest k with P(W <= k - 1) <= tail; the interval runs from the k-th average to the k-th last.
        var k = 1;
        while (upTo[k] <= (1 - level) / 2) k++;
        return new(averages[k - 1], averages[^k], 1 - 2 * upTo[k - 1]);
    }

    static Interval Approximate(double[] averages, int count, double level)
    {
        double n = count, mean = n * (n + 1) / 4, deviation = Math.Sqrt(n * (n + 1) * (2 * n + 1) / 24);
        // As many averages lie outside on either side as the rank sum, with its half for continuity, leaves in the tail.
        var k = Math.Max(1, (int)Math.Floor(mean + 0.5 - Probability.NormalQuantile(0.5 + level / 2) * deviation));
        return new(averages[k - 1], averages[^k], level);
    }

    static double[] WalshAverages(ReadOnlySpan<double> values)
    {
        if (values.Length > Most)
            throw new ArgumentException($"At most {Most} differences; use a bootstrap of the median for {values.Length}.", nameof(values));
        var averages = new double[values.Length * (values.Length + 1) / 2];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
            for (var j = i; j < values.Length; j++) averages[next++] = (values[i] + values[j]) / 2;
        Array.Sort(averages);
        return averages;
    }
}
