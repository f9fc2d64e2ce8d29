namespace Suites.Clustering.Biclusters;

/// <summary>How many independent draws a chain is worth.</summary>
static class EffectiveDraws
{
    /// <summary>
    /// n / (1 + 2 sum of autocorrelations), the sum over pairs of lags while they are positive and made to fall (Geyer 1992, initial
    /// monotone sequence). A chain that stands still is worth one draw.
    /// </summary>
    public static double Of(IReadOnlyList<double> chain)
    {
        var count = chain.Count;
        if (count < 4) return count;
        var mean = chain.Average();
        double[] moved = [.. chain.Select(value => value - mean)];
        var variance = Covariance(0);
        if (variance <= 1e-12 * Math.Max(1, mean * mean)) return 1;
        var (sum, last) = (0.0, double.PositiveInfinity);
        for (var lag = 0; lag + 1 < count; lag += 2)
        {
            last = Math.Min(last, (Covariance(lag) + Covariance(lag + 1)) / variance);
            if (last <= 0) break;
            sum += last;
        }
        return Math.Min(count, count / Math.Max(1e-9, 2 * sum - 1));

        double Covariance(int lag)
        {
            var products = 0.0;
            for (var at = lag; at < count; at++) products += moved[at] * moved[at - lag];
            return products / count;
        }
    }
}
