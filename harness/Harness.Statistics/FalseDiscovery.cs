namespace Harness.Statistics;

/// <summary>Benjamini and Hochberg's step-up procedure (1995) over all tests of a session.</summary>
public static class FalseDiscovery
{
    /// <summary>q-values in the order of the p-values: rejecting those at most q keeps the expected share of false rejections at q.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        foreach (var value in p)
            if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), value, "A p-value lies between 0 and 1.");
        var values = p.ToArray();
        var order = Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).ToArray();
        var adjusted = new double[values.Length];
        var least = 1.0;
        for (var place = 0; place < order.Length; place++)
        {
            least = Math.Min(least, values[order[place]] * values.Length / (values.Length - place));
            adjusted[order[place]] = least;
        }
        return adjusted;
    }
}
