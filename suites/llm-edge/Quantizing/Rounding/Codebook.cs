namespace Suites.LlmEdge.Quantizing.Rounding;

/// <summary>
/// Numbers become the nearest of 2^bits centres, which k-means finds for each run of numbers (Han, Mao and Dally 2016), from evenly
/// spread quantiles on. In one dimension the numbers of a centre lie side by side, so a sorted run and its sums suffice.
/// </summary>
static class Codebook
{
    const int MostSteps = 100;

    public static float[] Rounded(ReadOnlySpan<float> values, IReadOnlyList<Range> runs, int bits)
    {
        var rounded = values.ToArray();
        foreach (var run in runs)
        {
            var part = rounded.AsSpan(run);
            var centers = Centers(part, 1 << bits);
            foreach (ref var value in part) value = (float)Nearest(centers, value);
        }
        return rounded;
    }

    static double[] Centers(ReadOnlySpan<float> run, int count)
    {
        var sorted = run.ToArray();
        Array.Sort(sorted);
        var sums = new double[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++) sums[i + 1] = sums[i] + sorted[i];
        double[] centers = [.. Enumerable.Range(0, count).Select(k => (double)sorted[(int)((k + 0.5) * sorted.Length / count)])];
        for (var step = 0; step < MostSteps && Move(centers, sorted, sums); step++) { }
        return centers;
    }

    // A centre without numbers stays where it is.
    static bool Move(double[] centers, float[] sorted, double[] sums)
    {
        var (moved, first) = (false, 0);
        for (var k = 0; k < centers.Length; k++)
        {
            var last = k + 1 == centers.Length ? sorted.Length : FirstOver(sorted, (centers[k] + centers[k + 1]) / 2);
            last = Math.Max(first, last);
            if (last > first)
            {
                var mean = (sums[last] - sums[first]) / (last - first);
                moved |= Math.Abs(mean - centers[k]) > 1e-12;
                centers[k] = mean;
            }
            first = last;
        }
        return moved;
    }

    static int FirstOver(float[] sorted, double limit)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] > limit) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    static double Nearest(double[] centers, double value)
    {
        var best = centers[0];
        foreach (var center in centers) if (Math.Abs(center - value) < Math.Abs(best - value)) best = center;
        return best;
    }
}
