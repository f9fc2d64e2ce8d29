namespace Harness.Statistics;

/// <summary>Agreement of two orders.</summary>
public static class Kendall
{
    /// <summary>
    /// Kendall's τ-b (1945): 1 when both values put every pair alike, −1 when opposite; null where one of them ties all. Every pair is
    /// looked at.
    /// </summary>
    public static double? TauB(IReadOnlyList<(double One, double Other)> pairs)
    {
        double concordant = 0, one = 0, other = 0;
        for (var i = 0; i < pairs.Count; i++)
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (Math.Sign(pairs[i].One - pairs[j].One), Math.Sign(pairs[i].Other - pairs[j].Other));
                (concordant, one, other) = (concordant + a * b, one + a * a, other + b * b);
            }
        return one == 0 || other == 0 ? null : concordant / Math.Sqrt(one * other);
    }
}
