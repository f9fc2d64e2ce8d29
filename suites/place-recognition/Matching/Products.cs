using System.Numerics;
using System.Runtime.InteropServices;

namespace Suites.PlaceRecognition.Matching;

static class Products
{
    /// <summary>Of two arrays of one length.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var lane = 0; lane < x.Length; lane++) sums += x[lane] * y[lane];
        double sum = Vector.Sum(sums);
        for (var rest = x.Length * Vector<float>.Count; rest < a.Length; rest++) sum += a[rest] * b[rest];
        return sum;
    }
}
