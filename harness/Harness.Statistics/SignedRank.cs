using MathNet.Numerics.Statistics;

namespace Harness.Statistics;

/// <summary>Wilcoxon's signed-rank test (1945) of paired differences, e.g. of two families over datasets or seeds.</summary>
public static class SignedRank
{
    internal const int MostExact = 200;

    /// <summary>
    /// Two-sided p-value. Zeros are left out and ties share their mean rank, as Wilcoxon did; the distribution over all signs is exact
    /// up to 200 differences, then normal with corrections for ties and continuity.
    /// </summary>
    public static double Test(ReadOnlySpan<double> differences)
    {
        Ensure.AtLeast(1, differences.Length, "A signed-rank test");
        Ensure.Finite(differences);
        double[] moving = [.. differences.ToArray().Where(difference => difference != 0)];
        if (moving.Length == 0) return 1;
        var ranks = ArrayStatistics.RanksInplace([.. moving.Select(Math.Abs)]);
        var positive = 0.0;
        for (var index = 0; index < moving.Length; index++) positive += moving[index] > 0 ? ranks[index] : 0;
        var smaller = Math.Min(positive, moving.Length * (moving.Length + 1) / 2.0 - positive);
        return Math.Min(1, moving.Length <= MostExact ? 2 * Exact(ranks, smaller) : 2 * Normal(ranks, smaller));
    }

    // Mean ranks are halves, so twice a rank is whole.
    static double Exact(double[] ranks, double sum)
    {
        var distribution = Distribution([.. ranks.Select(rank => (int)Math.Round(2 * rank))]);
        return distribution[(int)Math.Round(2 * sum)];
    }

    static double Normal(double[] ranks, double sum)
    {
        var squares = ranks.Sum(rank => rank * rank);
        var miss = sum + 0.5 - ranks.Sum() / 2;
        return miss >= 0 ? 0.5 : Probability.Normal(miss / Math.Sqrt(squares / 4));
    }

    /// <summary>P(sum of ranks ≤ index), where each rank is in the sum or not with equal chance.</summary>
    internal static double[] Distribution(IReadOnlyList<int> ranks)
    {
        var chance = new double[ranks.Sum() + 1];
        chance[0] = 1;
        var most = 0;
        foreach (var rank in ranks)
        {
            most += rank;
            for (var sum = most; sum >= 0; sum--) chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0)) / 2;
        }
        for (var sum = 1; sum < chance.Length; sum++) chance[sum] += chance[sum - 1];
        return chance;
    }
}
