using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>
/// Hunter's algorithm as Apache Otava runs it: E-divisive splits with a weak and then a strong t-test, standard deviations that divide by
/// n, and missing nights filled with the night before. Segments here have at least three nights.
/// </summary>
public sealed class WindowedDivision(double p) : IDetector
{
    const int Window = 50;
    const double Weakness = 10;

    public int? SlowerSince(IReadOnlyList<double?> series)
    {
        var filled = Filled(series);
        if (filled.Length < 6) return null;
        var start = Math.Max(0, filled.Length - Window);
        var found = new SortedSet<int>();
        Divide(filled, start, filled.Length, found);
        List<int> edges = [start, .. found, filled.Length];
        Merge(filled, edges);
        for (var place = edges.Count - 2; place > 0; place--)
            if (Mean(filled, edges[place], edges[place + 1]) > Mean(filled, edges[place - 1], edges[place]))
                return edges[place] + series.Count - filled.Length;
        return null;
    }

    static double[] Filled(IReadOnlyList<double?> series)
    {
        var filled = new List<double>();
        foreach (var night in series)
            if (night is { } value) filled.Add(Math.Exp(value));
            else if (filled.Count > 0) filled.Add(filled[^1]);
        return [.. filled];
    }

    void Divide(double[] values, int start, int end, SortedSet<int> found)
    {
        if (ChangePoints.SplitOrNull(values.AsSpan(start, end - start)) is not { } split) return;
        if (Test(values, start, start + split, end) > Weakness * p) return;
        found.Add(start + split);
        Divide(values, start, start + split, found);
        Divide(values, start + split, end, found);
    }

    void Merge(double[] values, List<int> edges)
    {
        while (edges.Count > 2)
        {
            var weakest = Enumerable.Range(1, edges.Count - 2).MaxBy(edge => Test(values, edges[edge - 1], edges[edge], edges[edge + 1]));
            if (Test(values, edges[weakest - 1], edges[weakest], edges[weakest + 1]) <= p) return;
            edges.RemoveAt(weakest);
        }
    }

    // Student's t with a pooled variance from deviations that divide by n.
    static double Test(double[] values, int start, int split, int end)
    {
        double n = split - start, m = end - split;
        var (first, second) = (Mean(values, start, split), Mean(values, split, end));
        var pooled = ((n - 1) * Variance(values, start, split, first) + (m - 1) * Variance(values, split, end, second)) / (n + m - 2);
        if (pooled == 0) return first == second ? 1 : 0;
        return StudentTest.TwoSided((first - second) / Math.Sqrt(pooled * (1 / n + 1 / m)), n + m - 2);
    }

    static double Variance(double[] values, int start, int end, double mean) =>
        values[start..end].Sum(value => (value - mean) * (value - mean)) / (end - start);

    static double Mean(double[] values, int start, int end) => values[start..end].Average();
}
