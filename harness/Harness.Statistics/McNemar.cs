namespace Harness.Statistics;

/// <summary>McNemar's test (1947) of two classifiers on the same samples, from those that only one of them answers rightly.</summary>
public static class McNemar
{
    /// <summary>Exact two-sided p-value: twice the smaller binomial tail with share one half, at most 1.</summary>
    /// <param name="onlyFirst">Samples that only the first has right.</param>
    /// <param name="onlySecond">Samples that only the second has right.</param>
    public static double Exact(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var (fewer, more) = (Math.Min(onlyFirst, onlySecond), Math.Max(onlyFirst, onlySecond));
        return fewer == more ? 1 : Math.Min(1, 2 * Probability.BinomialUpTo(fewer, checked(fewer + more), 0.5));
    }
}
