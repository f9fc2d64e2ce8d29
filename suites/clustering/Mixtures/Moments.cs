using System.Numerics;

namespace Suites.Clustering.Mixtures;

/// <summary>
/// Sums over points weighted by their responsibilities, about the means of before: they hardly move, so nothing cancels.
/// </summary>
sealed class Moments(int components, int dimensions)
{
    readonly double[] _centered = new double[dimensions * Expectation.Stretch];
    readonly double[] _weighted = new double[Expectation.Stretch];

    public double LogLikelihood { get; set; }
    /// <summary>[component].</summary>
    public double[] Weights { get; } = new double[components];
    /// <summary>[component, dimension].</summary>
    public double[] First { get; } = new double[components * dimensions];
    /// <summary>[component, dimension, dimension], the lower triangle.</summary>
    public double[] Second { get; } = new double[components * dimensions * dimensions];

    public void Add(Moments other)
    {
        LogLikelihood += other.LogLikelihood;
        Add(Weights, other.Weights);
        Add(First, other.First);
        Add(Second, other.Second);
    }

    /// <param name="axes">[dimension, point] of all points.</param>
    /// <param name="responsibilities">[component, stretch].</param>
    /// <param name="diagonal">Leaves out what is off the diagonal.</param>
    public void Add(double[] axes, int points, int first, int count, double[] responsibilities, double[] means, bool diagonal)
    {
        for (var k = 0; k < components; k++)
        {
            var shares = responsibilities.AsSpan(k * Expectation.Stretch, count);
            Center(axes, points, first, count, means.AsSpan(k * dimensions, dimensions));
            foreach (var share in shares) Weights[k] += share;
            for (var row = 0; row < dimensions; row++)
            {
                Multiply(Axis(row, count), shares, _weighted);
                var weighted = _weighted.AsSpan(0, count);
                foreach (var value in weighted) First[k * dimensions + row] += value;
                for (var column = diagonal ? row : 0; column <= row; column++)
                    Second[(k * dimensions + row) * dimensions + column] += Dot(weighted, Axis(column, count));
            }
        }
    }

    Span<double> Axis(int dimension, int count) => _centered.AsSpan(dimension * Expectation.Stretch, count);

    void Center(double[] axes, int points, int first, int count, ReadOnlySpan<double> means)
    {
        for (var axis = 0; axis < dimensions; axis++)
        {
            var values = axes.AsSpan(axis * points + first, count);
            var centered = Axis(axis, count);
            var mean = means[axis];
            for (var at = 0; at < count; at++) centered[at] = values[at] - mean;
        }
    }

    static void Add(double[] sums, double[] values)
    {
        for (var at = 0; at < sums.Length; at++) sums[at] += values[at];
    }

    static void Multiply(ReadOnlySpan<double> one, ReadOnlySpan<double> other, Span<double> products)
    {
        var at = 0;
        for (; at + Vector<double>.Count <= one.Length; at += Vector<double>.Count)
            (new Vector<double>(one[at..]) * new Vector<double>(other[at..])).CopyTo(products[at..]);
        for (; at < one.Length; at++) products[at] = one[at] * other[at];
    }

    static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (at, sum) = (0, Vector<double>.Zero);
        for (; at + Vector<double>.Count <= one.Length; at += Vector<double>.Count)
            sum = Vector.FusedMultiplyAdd(new(one[at..]), new(other[at..]), sum);
        var total = Vector.Sum(sum);
        for (; at < one.Length; at++) total += one[at] * other[at];
        return total;
    }
}
