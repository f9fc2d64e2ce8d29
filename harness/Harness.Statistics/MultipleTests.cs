namespace Harness.Statistics;

/// <summary>Benjamini and Hochberg's step-up procedure (1995) over all tests of a session.</summary>
public static class FalseDiscovery
{
    /// <summary>q-values in the order of the p-values: rejecting those up to q keeps the expected share of false rejections at q.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        Ensure.Probabilities(p);
        var (values, order) = (p.ToArray(), MultipleTests.Ascending(p));
        var adjusted = new double[values.Length];
        var least = 1.0;
        for (var place = order.Length - 1; place >= 0; place--)
        {
            least = Math.Min(least, values[order[place]] * values.Length / (place + 1));
            adjusted[order[place]] = least;
        }
        return adjusted;
    }
}

/// <summary>Holm's step-down procedure (1979), for a set of tests of which not even one may be rejected falsely.</summary>
public static class FamilywiseError
{
    /// <summary>Adjusted p-values in the given order: rejecting those up to α keeps the chance of any false rejection at α.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        Ensure.Probabilities(p);
        var (values, order) = (p.ToArray(), MultipleTests.Ascending(p));
        var adjusted = new double[values.Length];
        var most = 0.0;
        for (var place = 0; place < order.Length; place++)
        {
            most = Math.Max(most, Math.Min(1, values[order[place]] * (values.Length - place)));
            adjusted[order[place]] = most;
        }
        return adjusted;
    }
}

static class MultipleTests
{
    public static int[] Ascending(ReadOnlySpan<double> p)
    {
        var values = p.ToArray();
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(values, order);
        return order;
    }
}
