namespace Suites.Clustering.Metrics;

/// <summary>Spearman's rank correlation: Pearson's of ranks, equal values sharing their mean rank.</summary>
static class RankCorrelation
{
    /// <returns>-1 to 1; NaN of fewer than two pairs, or where one side is constant.</returns>
    public static double Of(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        if (one.Count < 2) return double.NaN;
        var (ranks, others) = (Ranks(one), Ranks(other));
        var mean = (one.Count - 1) / 2.0;
        double Product(double[] left, double[] right) => left.Zip(right, (a, b) => (a - mean) * (b - mean)).Sum();
        return Product(ranks, others) / Math.Sqrt(Product(ranks, ranks) * Product(others, others));
    }

    // From 0.
    static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(at => values[at])];
        var ranks = new double[order.Length];
        for (var first = 0; first < order.Length;)
        {
            var end = first;
            while (end < order.Length && values[order[end]].Equals(values[order[first]])) end++;
            for (var at = first; at < end; at++) ranks[order[at]] = (first + end - 1) / 2.0;
            first = end;
        }
        return ranks;
    }
}
