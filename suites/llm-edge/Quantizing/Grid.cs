using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Quantizing;

/// <summary>
/// A uniform grid: q = clip(round(x / s) + z, low, high), x' = s·(q - z). Inside its range |x - x'| is at most s/2.
/// </summary>
/// <param name="Scale">s; 0 where every number is the same zero.</param>
/// <param name="Zero">z; 0 for a symmetric grid.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Grid(double Scale, int Zero, int Low, int High)
{
    public const int LeastBits = 2;
    public const int MostBits = 8;

    /// <summary>Codes -(2^(bits-1) - 1) to 2^(bits-1) - 1 over -<paramref name="largest"/> to <paramref name="largest"/>.</summary>
    public static Grid Symmetric(double largest, int bits)
    {
        var high = (1 << Checked(bits) - 1) - 1;
        return new(largest / high, 0, -high, high);
    }

    /// <summary>Codes 0 to 2^bits - 1 over a range that is widened to hold 0, so that zero stays zero.</summary>
    public static Grid Asymmetric(double low, double high, int bits)
    {
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        var most = (1 << Checked(bits)) - 1;
        var scale = (high - low) / most;
        return new(scale, scale == 0 ? 0 : (int)Math.Round(-low / scale), 0, most);
    }

    public int Code(double value) => Scale == 0 ? Zero : (int)Math.Clamp(Math.Round(value / Scale) + Zero, Low, High);

    public double Value(int code) => Scale * (code - Zero);

    public double Round(double value) => Value(Code(value));

    static int Checked(int bits) => bits is >= LeastBits and <= MostBits ? bits
        : throw new HarnessException($"A grid of {bits} bits is not supported; allowed are {LeastBits} to {MostBits}.");
}
