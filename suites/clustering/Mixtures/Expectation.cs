using System.Numerics;
using System.Runtime.Intrinsics;

namespace Suites.Clustering.Mixtures;

/// <summary>Which component each point of a stretch probably belongs to. Points lie side by side on every axis.</summary>
/// <param name="axes">[dimension, point] of all points.</param>
sealed class Expectation(double[] axes, int points, GaussianMixture mixture)
{
    /// <summary>Points of a stretch: all components of so many stay in the nearest cache.</summary>
    public const int Stretch = 256;

    readonly double[] _whitened = new double[Stretch];
    readonly double[] _most = new double[Stretch];
    readonly double[] _sums = new double[Stretch];

    /// <summary>Probability of each component given the point, [component, <see cref="Stretch"/>].</summary>
    public double[] Responsibilities { get; } = new double[mixture.Components * Stretch];

    /// <summary>Fills <see cref="Responsibilities"/> for points from <paramref name="first"/> on; returns the sum of their log
    /// densities.</summary>
    public double Run(int first, int count)
    {
        Array.Fill(_most, double.NegativeInfinity);
        for (var k = 0; k < mixture.Components; k++) LogDensities(k, first, count);
        Array.Clear(_sums);
        for (var k = 0; k < mixture.Components; k++) Exponentials(k);
        var total = 0.0;
        for (var at = 0; at < count; at++) total += _most[at] + Math.Log(_sums[at]);
        for (var k = 0; k < mixture.Components; k++) Divide(Row(k));
        return total;
    }

    Span<double> Row(int component) => Responsibilities.AsSpan(component * Stretch, Stretch);

    // ln weight + ln det W - (d ln 2 pi + |W (x - mean)|^2) / 2
    void LogDensities(int component, int first, int count)
    {
        var dimensions = mixture.Dimensions;
        var squares = Row(component);
        squares.Clear();
        for (var row = 0; row < dimensions; row++)
        {
            var whitening = mixture.Whitening.AsSpan((component * dimensions + row) * dimensions, dimensions);
            var shift = 0.0;
            for (var column = 0; column <= row; column++) shift -= whitening[column] * mixture.Means[component * dimensions + column];
            Array.Fill(_whitened, shift);
            for (var column = 0; column <= row; column++)
                if (whitening[column] != 0) AddScaled(_whitened, axes.AsSpan(column * points + first, count), whitening[column]);
            AddSquares(squares, _whitened);
        }
        var constant = Math.Log(mixture.Weights[component]) + mixture.LogDeterminants[component] - 0.5 * dimensions * Math.Log(2 * Math.PI);
        for (var at = 0; at < Stretch; at++)
        {
            squares[at] = constant - 0.5 * squares[at];
            _most[at] = Math.Max(_most[at], squares[at]);
        }
    }

    void Exponentials(int component)
    {
        var row = Row(component);
        for (var at = 0; at < Stretch; at += Vector256<double>.Count)
        {
            var value = Vector256.Exp(Vector256.Create<double>(row[at..]) - Vector256.Create<double>(_most.AsSpan(at)));
            value.CopyTo(row[at..]);
            (Vector256.Create<double>(_sums.AsSpan(at)) + value).CopyTo(_sums.AsSpan(at));
        }
    }

    void Divide(Span<double> row)
    {
        for (var at = 0; at < Stretch; at += Vector<double>.Count)
            (new Vector<double>(row[at..]) / new Vector<double>(_sums.AsSpan(at))).CopyTo(row[at..]);
    }

    static void AddScaled(Span<double> sums, ReadOnlySpan<double> values, double factor)
    {
        var (at, scale) = (0, new Vector<double>(factor));
        for (; at + Vector<double>.Count <= values.Length; at += Vector<double>.Count)
            Vector.FusedMultiplyAdd(new(values[at..]), scale, new(sums[at..])).CopyTo(sums[at..]);
        for (; at < values.Length; at++) sums[at] = Math.FusedMultiplyAdd(values[at], factor, sums[at]);
    }

    static void AddSquares(Span<double> sums, ReadOnlySpan<double> values)
    {
        for (var at = 0; at < Stretch; at += Vector<double>.Count)
        {
            var value = new Vector<double>(values[at..]);
            Vector.FusedMultiplyAdd(value, value, new(sums[at..])).CopyTo(sums[at..]);
        }
    }
}
