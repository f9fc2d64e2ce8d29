namespace Harness.Statistics;

/// <summary>Quantiles of samples.</summary>
public static class Quantiles
{
    /// <summary>Quantile by linear interpolation between order statistics, R's type 7 and NumPy's default. Sorts a copy.</summary>
    /// <param name="share">0 is the minimum, 0.5 the median, 1 the maximum.</param>
    public static double Of(ReadOnlySpan<double> values, double share) => OfSorted(Sorted(values), share);

    /// <summary>As <see cref="Of"/>, of values that are in ascending order already.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        Ensure.AtLeast(1, sorted.Length, "A quantile");
        Ensure.Share(share);
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        if (below == sorted.Length - 1) return sorted[below];
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }

    public static double Median(ReadOnlySpan<double> values) => Of(values, 0.5);

    /// <summary>
    /// Interval for a quantile of whatever distribution the independent values come from, between two of their order statistics:
    /// the number of values below the quantile is binomial. Where too few values lie beyond it, the interval ends at the smallest or
    /// largest and <see cref="Statistics.Interval.Level"/> is the lower coverage that it has.
    /// </summary>
    /// <param name="share">Strictly between 0 and 1, e.g. 0.99 for the 99th percentile.</param>
    public static Interval Interval(ReadOnlySpan<double> values, double share, double level = 0.95)
    {
        Ensure.AtLeast(2, values.Length, "A quantile's interval");
        Ensure.Level(share);
        Ensure.Level(level);
        var sorted = Sorted(values);
        var tail = (1 - level) / 2;
        // Ranks count from 1: the lower the largest r with P(X <= r - 1) <= tail, the upper the smallest s with P(X >= s) <= tail.
        var lower = Math.Max(1, First(sorted.Length, rank => UpTo(rank) > tail));
        var upper = Math.Min(sorted.Length, First(sorted.Length, rank => 1 - UpTo(rank - 1) <= tail));
        return new(sorted[lower - 1], sorted[upper - 1], UpTo(upper - 1) - UpTo(lower - 1));

        double UpTo(int rank) => Probability.BinomialUpTo(rank, sorted.Length, share);
    }

    // The first rank of 0 … count that has a property which, once had, is kept; count + 1 when none has it.
    static int First(int count, Func<int, bool> has)
    {
        var (low, high) = (0, count + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (has(middle)) high = middle; else low = middle + 1;
        }
        return low;
    }

    static double[] Sorted(ReadOnlySpan<double> values)
    {
        Ensure.Finite(values);
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
