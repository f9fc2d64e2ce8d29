namespace Harness.Statistics;

/// <summary>What a critical-difference diagram shows (Demšar 2006): average ranks, and which systems cannot be told apart.</summary>
/// <param name="Order">Systems from the best average rank to the worst.</param>
/// <param name="Groups">
/// The bars: runs of systems adjacent in <paramref name="Order"/> of which no two differ significantly, as long as possible, at
/// least two systems each. A run may miss two alike systems that have a different one between them.
/// </param>
/// <param name="Difference">Nemenyi's critical difference of average ranks; null for pairwise tests, which have none.</param>
public sealed record CriticalDifference(Friedman Friedman, IReadOnlyList<int> Order, IReadOnlyList<IReadOnlyList<int>> Groups, double Alpha,
    double? Difference)
{
    /// <summary>Nemenyi's test (1963): average ranks differ when they are a critical difference apart.</summary>
    /// <param name="scores">Per system, its score on every dataset in the same order.</param>
    public static CriticalDifference Nemenyi(IReadOnlyList<double[]> scores, Direction direction, double alpha = 0.05)
    {
        Ensure.Level(alpha);
        var friedman = Friedman.Test(scores, direction);
        var (ranks, k) = (friedman.AverageRanks, (double)friedman.Systems);
        var range = Probability.NormalRangeQuantile(1 - alpha, friedman.Systems) / Math.Sqrt(2);
        var critical = range * Math.Sqrt(k * (k + 1) / (6 * friedman.Datasets));
        return Of(friedman, alpha, critical, (one, other) => Math.Abs(ranks[one] - ranks[other]) < critical);
    }

    /// <summary>
    /// Wilcoxon's signed-rank test of every pair with Holm's correction, which Benavoli, Corani and Mangili (2016) recommend because,
    /// unlike Nemenyi's, its verdict on two systems does not depend on which others are in the table, save by the correction.
    /// </summary>
    public static CriticalDifference WilcoxonHolm(IReadOnlyList<double[]> scores, Direction direction, double alpha = 0.05)
    {
        Ensure.Level(alpha);
        var friedman = Friedman.Test(scores, direction);
        var p = Pairs.Of(scores.Count, (one, other) => SignedRank.Test(Subtract(scores[one], scores[other])));
        var adjusted = p.Adjusted();
        return Of(friedman, alpha, null, (one, other) => adjusted.Between(one, other) > alpha);
    }

    static CriticalDifference Of(Friedman friedman, double alpha, double? difference, Func<int, int, bool> alike)
    {
        int[] order = [.. Enumerable.Range(0, friedman.Systems).OrderBy(system => friedman.AverageRanks[system])];
        var groups = new List<IReadOnlyList<int>>();
        var reached = 0;
        for (var first = 0; first < order.Length; first++)
        {
            var last = first;
            while (last + 1 < order.Length && order[first..(last + 1)].All(system => alike(system, order[last + 1]))) last++;
            // A run inside the one before is no bar of its own.
            if (last > first && last > reached) groups.Add(order[first..(last + 1)]);
            reached = Math.Max(reached, last);
        }
        return new(friedman, order, groups, alpha, difference);
    }

    static double[] Subtract(double[] one, double[] other) => [.. one.Zip(other, (first, second) => first - second)];
}

/// <summary>One number for every pair of things, e.g. a p-value.</summary>
/// <param name="values">In the order (0,1), (0,2), …, (1,2), …</param>
sealed class Pairs(int count, double[] values)
{
    public static Pairs Of(int count, Func<int, int, double> value) => new(count,
        [.. from one in Enumerable.Range(0, count) from other in Enumerable.Range(one + 1, count - one - 1) select value(one, other)]);

    public Pairs Adjusted() => new(count, FamilywiseError.Adjust(values));

    public double Between(int one, int other)
    {
        var (low, high) = (Math.Min(one, other), Math.Max(one, other));
        return values[low * (2 * count - low - 1) / 2 + high - low - 1];
    }
}
