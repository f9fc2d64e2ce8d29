namespace Harness.Statistics;

/// <summary>The typical paired difference, robust against outliers (Hodges and Lehmann 1963).</summary>
public static class HodgesLehmann
{
    const int MostExact = 200;
    const int Most = 5_000;

    /// <summary>Median of the means of all pairs of differences, each also paired with itself.</summary>
    public static double Estimate(ReadOnlySpan<double> differences)
    {
        Ensure.AtLeast(1, differences.Length, "A Hodges-Lehmann estimate");
        Ensure.Finite(differences);
        return Quantiles.OfSorted(WalshAverages(differences), 0.5);
    }

    /// <summary>
    /// Interval by inverting Wilcoxon's signed-rank test: exact up to 200 differences, else by the normal approximation of its
    /// distribution. <see cref="Harness.Statistics.Interval.Level"/> is the coverage reached, which is lower than asked when there are too few differences.
    /// </summary>
    public static Interval Interval(ReadOnlySpan<double> differences, double level = 0.95)
    {
        Ensure.Level(level);
        Ensure.AtLeast(2, differences.Length, "A Hodges-Lehmann interval");
        Ensure.Finite(differences);
        var averages = WalshAverages(differences);
        if (differences.Length > MostExact) return Approximate(averages, differences.Length, level);
        var below = BelowOrEqual(differences.Length);
        // The largest k with P(W <= k - 1) <= tail; the interval runs from the k-th average to the k-th last.
        var k = 1;
        while (below[k] <= (1 - level) / 2) k++;
        return new(averages[k - 1], averages[^k], 1 - 2 * below[k - 1]);
    }

    static Interval Approximate(double[] averages, int count, double level)
    {
        double n = count, mean = n * (n + 1) / 4, deviation = Math.Sqrt(n * (n + 1) * (2 * n + 1) / 24);
        var k = Math.Max(1, (int)Math.Floor(mean - Quantiles.Normal(0.5 + level / 2) * deviation));
        return new(averages[k - 1], averages[^k], level);
    }

    static double[] WalshAverages(ReadOnlySpan<double> values)
    {
        if (values.Length > Most) throw new ArgumentException($"At most {Most} differences; use a bootstrap of the median for {values.Length}.", nameof(values));
        var averages = new double[values.Length * (values.Length + 1) / 2];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
            for (var j = i; j < values.Length; j++) averages[next++] = (values[i] + values[j]) / 2;
        Array.Sort(averages);
        return averages;
    }

    // Distribution function of the signed-rank sum: each rank is in it or not, with equal chance.
    static double[] BelowOrEqual(int count)
    {
        var ways = new double[count * (count + 1) / 2 + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= count; rank++)
            for (var sum = ways.Length - 1; sum >= 0; sum--) ways[sum] = ways[sum] / 2 + (sum >= rank ? ways[sum - rank] / 2 : 0);
        for (var sum = 1; sum < ways.Length; sum++) ways[sum] += ways[sum - 1];
        return ways;
    }
}
