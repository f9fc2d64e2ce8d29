using System.Numerics;
using System.Runtime.InteropServices;

namespace Suites.SpikingTransformers.Networks.Reservoirs;

static class Products
{
    /// <summary>A row of a square matrix times a vector.</summary>
    public static double Row(double[] matrix, int row, double[] vector)
    {
        var from = matrix.AsSpan(row * vector.Length, vector.Length);
        var a = MemoryMarshal.Cast<double, Vector<double>>(from);
        var b = MemoryMarshal.Cast<double, Vector<double>>(vector.AsSpan());
        var sums = Vector<double>.Zero;
        for (var lane = 0; lane < a.Length; lane++) sums += a[lane] * b[lane];
        var sum = Vector.Sum(sums);
        for (var rest = a.Length * Vector<double>.Count; rest < vector.Length; rest++) sum += from[rest] * vector[rest];
        return sum;
    }
}
