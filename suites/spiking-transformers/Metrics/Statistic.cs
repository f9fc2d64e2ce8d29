namespace Suites.SpikingTransformers.Metrics;

/// <summary>Of two series of the same length.</summary>
static class Statistic
{
    /// <summary>Pearson's; 0 where one of the two is constant.</summary>
    public static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double both = 0, squaresA = 0, squaresB = 0;
        for (var at = 0; at < a.Length; at++)
        {
            both += (a[at] - meanA) * (b[at] - meanB);
            squaresA += Math.Pow(a[at] - meanA, 2);
            squaresB += Math.Pow(b[at] - meanB, 2);
        }
        return squaresA * squaresB > 0 ? both / Math.Sqrt(squaresA * squaresB) : 0;
    }

    public static double Error(double[] said, double[] target)
    {
        var mean = target.Average();
        return Math.Sqrt(said.Zip(target, (one, other) => Math.Pow(one - other, 2)).Sum()
            / target.Sum(value => Math.Pow(value - mean, 2)));
    }
}
