using MathNet.Numerics;

namespace Suites.Clustering.Graphs;

/// <summary>Logarithms of factorials and counts of combinations, from a table.</summary>
sealed class LogFactorials(int most)
{
    readonly double[] _table = [.. Enumerable.Range(0, most + 1).Select(number => SpecialFunctions.FactorialLn(number))];

    public double this[int number] => _table[number];

    /// <summary>ln of the multisets of <paramref name="size"/> members of <paramref name="kinds"/> kinds.</summary>
    public static double Multisets(int kinds, int size) =>
        size == 0 ? 0
            : SpecialFunctions.GammaLn(kinds + (double)size) - SpecialFunctions.GammaLn(size + 1.0) - SpecialFunctions.GammaLn(kinds);
}
