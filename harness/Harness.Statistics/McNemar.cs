using MathNet.Numerics;

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
        var flips = onlyFirst + onlySecond;
        if (onlyFirst == onlySecond) return 1;
        var fewer = Math.Min(onlyFirst, onlySecond);
        var tail = 0.0;
        // Smallest terms first, so that none is lost.
        for (var k = 0; k <= fewer; k++) tail += Math.Exp(SpecialFunctions.BinomialLn(flips, k) - flips * Constants.Ln2);
        return Math.Min(1, 2 * tail);
    }
}
