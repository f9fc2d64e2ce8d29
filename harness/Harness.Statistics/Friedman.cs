using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace Harness.Statistics;

/// <summary>Friedman's test (1937) of several systems on the same datasets: do their ranks differ at all?</summary>
/// <param name="Systems">How many systems are compared.</param>
/// <param name="Datasets">How many datasets rank them.</param>
/// <param name="AverageRanks">Per system; 1 is the best, ties share their mean rank.</param>
/// <param name="ChiSquared">Friedman's statistic, corrected for ties.</param>
/// <param name="P">From chi-squared with Systems − 1 degrees of freedom.</param>
/// <param name="ImanDavenport">p-value of Iman and Davenport's less conservative F statistic (1980), which Demšar (2006) prefers.</param>
public sealed record Friedman(int Systems, int Datasets, IReadOnlyList<double> AverageRanks, double ChiSquared, double P,
    double ImanDavenport)
{
    /// <param name="scores">Per system, its score on every dataset in the same order; a system without one has no place here.</param>
    public static Friedman Test(IReadOnlyList<double[]> scores, Direction direction)
    {
        var (systems, datasets) = (scores.Count, Check(scores));
        var sums = new double[systems];
        var squares = 0.0;
        for (var dataset = 0; dataset < datasets; dataset++)
        {
            var ranks = Ranks(scores, dataset, direction);
            for (var system = 0; system < systems; system++) sums[system] += ranks[system];
            squares += ranks.Sum(rank => rank * rank);
        }
        double k = systems, n = datasets;
        var between = sums.Sum(sum => (sum - n * (k + 1) / 2) * (sum - n * (k + 1) / 2));
        var within = squares - n * k * (k + 1) * (k + 1) / 4;
        var statistic = within <= 0 ? 0 : (k - 1) * between / within;
        return new(systems, datasets, [.. sums.Select(sum => sum / n)], statistic, Probability.ChiSquaredAbove(statistic, k - 1),
            FisherP(statistic, systems, datasets));
    }

    internal static int Check(IReadOnlyList<double[]> scores)
    {
        Ensure.AtLeast(2, scores.Count, "A ranking");
        Ensure.AtLeast(2, scores[0].Length, "Ranking by datasets");
        foreach (var row in scores) { Ensure.SameLength(scores[0].Length, row.Length); Ensure.Finite(row); }
        return scores[0].Length;
    }

    static double[] Ranks(IReadOnlyList<double[]> scores, int dataset, Direction direction) => direction switch
    {
        Direction.Higher => ArrayStatistics.RanksInplace([.. scores.Select(row => -row[dataset])]),
        Direction.Lower => ArrayStatistics.RanksInplace([.. scores.Select(row => row[dataset])]),
        _ => throw new ArgumentException("A neutral metric has no best, so it ranks nothing.", nameof(direction)),
    };

    static double FisherP(double statistic, int systems, int datasets)
    {
        double k = systems, n = datasets;
        var rest = n * (k - 1) - statistic;
        // All datasets rank alike, F is infinite: the exact chance of that is what stands against the hypothesis.
        if (rest <= 1e-12 * n * (k - 1)) return Math.Exp((1 - n) * SpecialFunctions.FactorialLn(systems));
        return Probability.FisherAbove((n - 1) * statistic / rest, k - 1, (k - 1) * (n - 1));
    }
}
