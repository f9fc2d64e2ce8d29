namespace Harness.Statistics;

/// <summary>
/// MLPerf inference's early stopping: how many queries a latency percentile needs, and the bound that fewer than 1/(1 − share)²
/// queries support. With n queries, of which the t slowest are set aside, the percentile is at most the t-th slowest latency with the
/// given confidence when P(Binomial(n, 1 − share) ≤ t) is below 1 − confidence (load generator of MLPerf inference, version 2.0 on).
/// </summary>
public static class EarlyStopping
{
    const double Confidence = 0.99;

    /// <summary>The fewest queries within the latency that pass although <paramref name="over"/> are above it.</summary>
    /// <param name="share">The percentile as a share, e.g. 0.99.</param>
    public static int LeastWithin(int over, double share, double confidence = Confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(over);
        Ensure.Level(share);
        Ensure.Level(confidence);
        int low = 0, high = 1;
        while (!Passes(checked(high + over), over, share, confidence)) (low, high) = (high, checked(2 * high));
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (Passes(middle + over, over, share, confidence)) high = middle; else low = middle;
        }
        return high;
    }

    /// <summary>The fewest queries of which any bound can be stated: 64 for the 90th percentile, 662 for the 99th.</summary>
    public static int LeastQueries(double share, double confidence = Confidence) => LeastWithin(1, share, confidence) + 1;

    /// <summary>Whether a run with this many queries, so many of them over the latency, shows that the percentile is within it.</summary>
    public static bool IsWithin(int queries, int over, double share, double confidence = Confidence) =>
        queries - (long)over >= LeastWithin(over, share, confidence);

    /// <summary>An upper bound of a latency percentile, or null with fewer than <see cref="LeastQueries"/> latencies.</summary>
    public static double? BoundOrNull(ReadOnlySpan<double> latencies, double share, double confidence = Confidence)
    {
        Ensure.Level(share);
        Ensure.Level(confidence);
        Ensure.Finite(latencies);
        var queries = latencies.Length;
        if (queries < 2 || !Passes(queries, 1, share, confidence)) return null;
        // The most that can be set aside: one more always makes it likelier to see that few.
        int aside = 1, tooMany = queries;
        while (tooMany - aside > 1)
        {
            var middle = aside + (tooMany - aside) / 2;
            if (Passes(queries, middle, share, confidence)) aside = middle; else tooMany = middle;
        }
        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        return sorted[queries - aside];
    }

    static bool Passes(int queries, int over, double share, double confidence) =>
        Probability.BinomialUpTo(over, queries, 1 - share) < 1 - confidence;
}
