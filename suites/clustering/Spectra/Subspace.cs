using System.Numerics;
using Harness.Datasets;

namespace Suites.Clustering.Spectra;

/// <summary>Vectors of length 1 that are orthogonal to each other.</summary>
sealed class Subspace(int size, Chance chance)
{
    readonly List<double[]> _vectors = [];

    public int Count => _vectors.Count;
    public ReadOnlySpan<double> this[int index] => _vectors[index];

    /// <summary>
    /// Adds what a vector has beside those that are here; a drawn direction where that is nothing but rounding.
    /// </summary>
    /// <param name="vector">Is changed.</param>
    /// <returns>Its parts along the vectors, the new one last, which is 0 where it was drawn; without the last where all directions are
    /// here.</returns>
    public double[] Add(double[] vector)
    {
        var whole = Math.Sqrt(Dot(vector, vector));
        var parts = Remove(vector);
        if (Count == size) return parts;
        var rest = Math.Sqrt(Dot(vector, vector));
        var isRounding = rest <= 1e-12 * whole || rest == 0;
        if (isRounding) vector = Drawn(out rest);
        for (var at = 0; at < size; at++) vector[at] /= rest;
        _vectors.Add(vector);
        return [.. parts, isRounding ? 0 : rest];
    }

    public void AddDrawn() => Add(Enumerable.Range(0, size).Select(_ => chance.Normal()).ToArray());

    /// <summary>Mixes the first vectors to new ones and keeps those that come after them.</summary>
    /// <param name="weights">[new vector][old vector].</param>
    public void Mix(double[][] weights)
    {
        var old = weights[0].Length;
        double[][] mixed = [.. weights.Select(row =>
        {
            var vector = new double[size];
            for (var at = 0; at < old; at++) AddScaled(vector, _vectors[at], row[at]);
            return vector;
        })];
        _vectors.RemoveRange(0, old);
        _vectors.InsertRange(0, mixed);
    }

    // Twice is enough (Kahan, in Parlett 1980).
    double[] Remove(double[] vector)
    {
        var parts = new double[Count];
        for (var pass = 0; pass < 2; pass++)
            for (var at = 0; at < parts.Length; at++)
            {
                var part = Dot(_vectors[at], vector);
                parts[at] += part;
                AddScaled(vector, _vectors[at], -part);
            }
        return parts;
    }

    double[] Drawn(out double length)
    {
        while (true)
        {
            var vector = Enumerable.Range(0, size).Select(_ => chance.Normal()).ToArray();
            var whole = Math.Sqrt(Dot(vector, vector));
            Remove(vector);
            length = Math.Sqrt(Dot(vector, vector));
            if (length > 1e-8 * whole) return vector;
        }
    }

    public static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (at, sum) = (0, Vector<double>.Zero);
        for (; at + Vector<double>.Count <= one.Length; at += Vector<double>.Count)
            sum = Vector.FusedMultiplyAdd(new(one[at..]), new(other[at..]), sum);
        var total = Vector.Sum(sum);
        for (; at < one.Length; at++) total += one[at] * other[at];
        return total;
    }

    public static void AddScaled(Span<double> sums, ReadOnlySpan<double> values, double factor)
    {
        var (at, scale) = (0, new Vector<double>(factor));
        for (; at + Vector<double>.Count <= values.Length; at += Vector<double>.Count)
            Vector.FusedMultiplyAdd(new(values[at..]), scale, new(sums[at..])).CopyTo(sums[at..]);
        for (; at < values.Length; at++) sums[at] = Math.FusedMultiplyAdd(values[at], factor, sums[at]);
    }
}
