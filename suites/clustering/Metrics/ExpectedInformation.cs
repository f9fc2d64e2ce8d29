namespace Suites.Clustering.Metrics;

/// <summary>
/// The mutual information that two random partitions with clusters of given sizes have on average, in nats: for a reference cluster of a
/// points and a predicted one of b, of N points, the number n of shared points is hypergeometric, and
/// E = sum over a, b, n of P(n | a, b, N) n/N ln(N n / (a b)) (Vinh, Epps and Bailey 2010, equation 24).
/// </summary>
static class ExpectedInformation
{
    // Terms of a distribution this far below its largest one cannot be seen in the sum.
    const double Negligible = 1e-18;

    public static double Of(IEnumerable<long> references, IEnumerable<long> predictions, long points)
    {
        var factorials = LogFactorials(points);
        var sum = 0.0;
        // Clusters of equal size have equal terms: there are at most sqrt(2 N) sizes.
        var columns = predictions.GroupBy(size => size).Select(group => (Size: group.Key, Count: group.Count())).ToArray();
        foreach (var rows in references.GroupBy(size => size))
            foreach (var (size, count) in columns)
                sum += (double)rows.Count() * count * Pair(rows.Key, size, points, factorials);
        return sum;
    }

    // From the most probable n outwards, each probability from its neighbour: P(n+1) / P(n) = (a-n)(b-n) / ((n+1)(N-a-b+n+1)).
    static double Pair(long a, long b, long points, double[] factorials)
    {
        var (least, most) = (Math.Max(1, a + b - points), Math.Min(a, b));
        var mode = Math.Clamp((a + 1) * (b + 1) / (points + 2), least, most);
        var peak = Math.Exp(factorials[a] + factorials[b] + factorials[points - a] + factorials[points - b] - factorials[points]
            - factorials[mode] - factorials[a - mode] - factorials[b - mode] - factorials[points - a - b + mode]);
        var logarithm = Math.Log(points) - Math.Log(a) - Math.Log(b);
        double Term(long n, double probability) => probability * n / points * (logarithm + Math.Log(n));
        var sum = Term(mode, peak);
        var probability = peak;
        for (var n = mode; n < most && probability > peak * Negligible; n++)
        {
            probability *= (double)(a - n) * (b - n) / ((double)(n + 1) * (points - a - b + n + 1));
            sum += Term(n + 1, probability);
        }
        probability = peak;
        for (var n = mode; n > least && probability > peak * Negligible; n--)
        {
            probability *= (double)n * (points - a - b + n) / ((double)(a - n + 1) * (b - n + 1));
            sum += Term(n - 1, probability);
        }
        return sum;
    }

    static double[] LogFactorials(long points)
    {
        var factorials = new double[points + 1];
        // Compensated, since a million logarithms are added.
        var (sum, lost) = (0.0, 0.0);
        for (var n = 1L; n <= points; n++)
        {
            var next = Math.Log(n) - lost;
            var total = sum + next;
            lost = total - sum - next;
            factorials[n] = sum = total;
        }
        return factorials;
    }
}
