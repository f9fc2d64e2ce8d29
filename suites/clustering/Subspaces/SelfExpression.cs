using MathNet.Numerics.LinearAlgebra;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Subspaces;

/// <summary>
/// Every point as a sum of few others (You, Li, Robinson and Vidal 2016): the c with the least
/// gamma/2 |x - X c|² + sparsity |c|_1 + (1 - sparsity)/2 |c|², by feature-sign search (Lee, Battle, Raina and Ng 2007): points join one
/// by one where the remainder points most, and with their signs held the rest is a system of linear equations.
/// </summary>
/// <param name="points">Of length 1, or 0.</param>
/// <param name="strength">How many times gamma is the value at which the first coefficient appears.</param>
sealed class SelfExpression(PointTable points, double sparsity, double strength, CancellationToken cancellation)
{
    // Beyond the threshold by rounding alone is not beyond it.
    const double Rounding = 1e-10;
    // A ridge below rounding keeps the equations of equal points solvable.
    const double LeastRidge = 1e-12;

    /// <summary>Which points a point is a sum of, ascending, and how much of each; none where it is at a right angle to all.</summary>
    public (int[] Others, double[] Coefficients) Of(int point)
    {
        var (first, largest) = MostAlong(points[point].ToArray(), point, []);
        if (first < 0 || largest == 0) return ([], []);
        var gamma = strength * sparsity / Math.Abs(largest);
        var sum = new SparseSum(points, point, sparsity / gamma, Math.Max(LeastRidge, (1 - sparsity) / gamma));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (next, along) = MostAlong(sum.Rest(), point, sum.Active);
            // A point that left at once would join again: it is at the threshold.
            if (next < 0 || Math.Abs(along) <= sparsity / gamma * (1 + Rounding) || !sum.Join(next, Math.Sign(along))) break;
        }
        int[] order = [.. Enumerable.Range(0, sum.Active.Count).OrderBy(at => sum.Active[at])];
        return ([.. order.Select(at => sum.Active[at])], [.. order.Select(at => sum.Coefficients[at])]);
    }

    // The point that is not in the sum and has the largest product with the remainder, by size.
    (int Point, double Along) MostAlong(double[] rest, int point, List<int> active)
    {
        var (best, most, taken) = (-1, 0.0, active.ToHashSet());
        for (var other = 0; other < points.Count; other++)
        {
            if (other == point || taken.Contains(other)) continue;
            var along = Subspace.Dot(points[other], rest);
            if (best < 0 || Math.Abs(along) > Math.Abs(most)) (best, most) = (other, along);
        }
        return (best, most);
    }
}

/// <summary>A sum of points with the signs that its coefficients have.</summary>
/// <param name="threshold">Weight of the coefficients' sizes.</param>
/// <param name="ridge">Weight of their squares.</param>
sealed class SparseSum(PointTable points, int point, double threshold, double ridge)
{
    readonly List<int> _signs = [];

    public List<int> Active { get; } = [];
    public List<double> Coefficients { get; private set; } = [];

    /// <summary>What the sum leaves of the point.</summary>
    public double[] Rest()
    {
        var rest = points[point].ToArray();
        for (var at = 0; at < Active.Count; at++) Subspace.AddScaled(rest, points[Active[at]], -Coefficients[at]);
        return rest;
    }

    /// <summary>Adds a point and finds the best coefficients; some points may leave.</summary>
    /// <returns>False where the new one left again without any change.</returns>
    public bool Join(int other, int sign)
    {
        Active.Add(other);
        Coefficients.Add(0);
        _signs.Add(sign);
        var (before, last) = (Cost(Coefficients), double.PositiveInfinity);
        // Ends at the latest where rounding leaves nothing to gain.
        while (Active.Count > 0 && Cost(Coefficients) is var now && now < last)
        {
            last = now;
            var target = Solved();
            var isConsistent = target.Zip(_signs).All(pair => Math.Sign(pair.First) == pair.Second);
            Coefficients = isConsistent ? [.. target] : Best(target);
            if (isConsistent) break;
            LeaveZeros();
        }
        return Active.Contains(other) || Cost(Coefficients) < before * (1 - 1e-15) - 1e-15;
    }

    // Of the way to the target, the place with the least cost: the end, or where a coefficient passes 0.
    List<double> Best(double[] target)
    {
        var places = Enumerable.Range(0, target.Length).Where(at => Coefficients[at] * target[at] < 0)
            .Select(at => Coefficients[at] / (Coefficients[at] - target[at])).Append(1);
        return places.Select(share => Enumerable.Range(0, target.Length)
            .Select(at => Coefficients[at] + share * (target[at] - Coefficients[at])).ToList()).MinBy(Cost)!;
    }

    void LeaveZeros()
    {
        for (var at = Active.Count - 1; at >= 0; at--)
            if (Math.Abs(Coefficients[at]) > 1e-15) _signs[at] = Math.Sign(Coefficients[at]);
            else
            {
                Active.RemoveAt(at);
                Coefficients.RemoveAt(at);
                _signs.RemoveAt(at);
            }
    }

    // (X^T X + ridge I) c = X^T x - threshold signs
    double[] Solved()
    {
        var matrix = Matrix<double>.Build.Dense(Active.Count, Active.Count, (row, column) =>
            Subspace.Dot(points[Active[row]], points[Active[column]]) + (row == column ? ridge : 0));
        var right = Vector<double>.Build.Dense(Active.Count, at =>
            Subspace.Dot(points[Active[at]], points[point]) - threshold * _signs[at]);
        return matrix.Cholesky().Solve(right).ToArray();
    }

    double Cost(List<double> coefficients)
    {
        var rest = points[point].ToArray();
        for (var at = 0; at < Active.Count; at++) Subspace.AddScaled(rest, points[Active[at]], -coefficients[at]);
        return Subspace.Dot(rest, rest) / 2 + threshold * coefficients.Sum(Math.Abs)
            + ridge / 2 * coefficients.Sum(value => value * value);
    }
}
