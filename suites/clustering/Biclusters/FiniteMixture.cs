using MathNet.Numerics;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// A mixture with an unknown number k of components, geometric with probability q, and symmetric Dirichlet weights γ: what it says of
/// partitions (Miller and Harrison, JASA 113, 2018).
/// </summary>
sealed class FiniteMixture
{
    readonly double[] _logCoefficients;
    readonly double _concentration;

    /// <param name="items">How many are parted.</param>
    /// <param name="probability">q of p(k) = q (1 - q)^(k - 1), in (0, 1).</param>
    /// <param name="concentration">γ, above 0.</param>
    public FiniteMixture(int items, double probability, double concentration)
    {
        _concentration = concentration;
        _logCoefficients = [.. Enumerable.Range(0, items + 2).Select(groups => LogCoefficient(items, groups, probability, concentration))];
    }

    /// <summary>log V_n(t), V_n(t) = sum over k of k!/(k - t)! Γ(kγ)/Γ(kγ + n) p(k).</summary>
    public double LogCoefficient(int groups) => _logCoefficients[groups];

    /// <summary>Weight of an item for a group of so many others.</summary>
    public double LogOld(int members) => Math.Log(members + _concentration);

    /// <summary>Weight of an item for a group of its own beside <paramref name="groups"/> others.</summary>
    public double LogNew(int groups) => _logCoefficients[groups + 1] - _logCoefficients[groups] + Math.Log(_concentration);

    /// <summary>log p(partition): the coefficient, and γ (γ + 1) .. (γ + n - 1) of each group's size n.</summary>
    public double LogProbability(IEnumerable<int> sizes)
    {
        var (groups, sum) = (0, 0.0);
        foreach (var size in sizes)
        {
            groups++;
            sum += SpecialFunctions.GammaLn(_concentration + size) - SpecialFunctions.GammaLn(_concentration);
        }
        return sum + _logCoefficients[groups];
    }

    // Terms fall at last as (1 - q)^k k^-n times a power: until they add less than rounding does and no longer rise.
    static double LogCoefficient(int items, int groups, double probability, double concentration)
    {
        var (sum, last) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var k = Math.Max(groups, 1); ; k++)
        {
            var term = SpecialFunctions.GammaLn(k + 1) - SpecialFunctions.GammaLn(k - groups + 1)
                + SpecialFunctions.GammaLn(k * concentration) - SpecialFunctions.GammaLn(k * concentration + items)
                + Math.Log(probability) + (k - 1) * Math.Log(1 - probability);
            var high = Math.Max(sum, term);
            sum = high + Math.Log(Math.Exp(sum - high) + Math.Exp(term - high));
            if (term < last && term < sum - 45) return sum;
            last = term;
        }
    }
}
