using Harness.Datasets;

namespace Suites.Clustering.Tensors;

/// <summary>
/// How many components a tensor has: the fewest whose error of held-out tubes (all times of a pair in an animal) is within one standard
/// error of the least. Each number of components has the best of several starts, by the error of what is not held out.
/// </summary>
/// <param name="restarts">Of each factorisation.</param>
sealed class RankSearch(PairTensor tensor, int restarts, Chance chance, CancellationToken cancellation)
{
    const double HeldOutShare = 0.1;

    readonly int[] _sizes = [tensor.Pairs, tensor.Times, tensor.Animals];
    readonly HierarchicalLeastSquares _solver =
        new(tensor.Values, [tensor.Pairs, tensor.Times, tensor.Animals], cancellation);

    /// <param name="most">Components that are tried: 1 to so many.</param>
    public int Best(int most)
    {
        bool[] heldOut = [.. Enumerable.Range(0, tensor.Pairs * tensor.Animals).Select(_ => chance.Unit() < HeldOutShare)];
        int[] tubes = [.. Enumerable.Range(0, heldOut.Length).Where(tube => heldOut[tube])];
        // So small a tensor that nothing was held out.
        if (tubes.Length < 2) return 1;
        double[][] errors = [.. Enumerable.Range(1, most).Select(rank => Errors(rank, heldOut, tubes))];
        var best = Enumerable.Range(0, most).MinBy(at => errors[at].Sum());
        return 1 + Enumerable.Range(0, most).First(at => at == best || IsAsGood(errors[at], errors[best]));
    }

    /// <summary>The best factors of so many components.</summary>
    public Factors Fit(int rank) => Fit(rank, null);

    /// <summary>Root of the squared error over the squared values; 0 of a tensor of zeros.</summary>
    public double RelativeError(Factors factors)
    {
        var squares = 0.0;
        foreach (var value in tensor.Values.Span) squares += value * value;
        return squares > 0 ? Math.Sqrt(_solver.SquaredError(factors) / squares) : 0;
    }

    Factors Fit(int rank, bool[]? heldOut) => Enumerable.Range(0, restarts)
        .Select(_ => _solver.Fit(Factors.Draw(_sizes, rank, chance), heldOut)).MinBy(fit => fit.Errors[^1]).Factors;

    double[] Errors(int rank, bool[] heldOut, int[] tubes)
    {
        var factors = Fit(rank, heldOut);
        return [.. tubes.Select(tube => _solver.TubeError(factors, tube / tensor.Animals, tube % tensor.Animals))];
    }

    // Differences of the same tubes, so that what is hard for both does not count.
    static bool IsAsGood(double[] errors, double[] least)
    {
        double[] differences = [.. errors.Zip(least, (one, other) => one - other)];
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / (differences.Length - 1));
        return mean <= deviation / Math.Sqrt(differences.Length);
    }
}
