using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// State arrays in groups of four cells. Cells beyond the population, up to a multiple of four, are refractory for ever. Four lanes and
/// not eight, so that every processor computes the same bits.
/// </summary>
static class Lanes4
{
    public const int Width = 4;

    public static double[] Array(int count) => new double[(count + Width - 1) / Width * Width];

    public static double[] Filled(int count, double value)
    {
        var values = Array(count);
        System.Array.Fill(values, value);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Vector256<double> At(double[] values, int first) =>
        ref Unsafe.As<double, Vector256<double>>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), first));

    /// <summary>Adds the numbers of the lanes that are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Collect(Vector256<double> lanes, int first, List<int> into)
    {
        for (var bits = lanes.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            into.Add(first + BitOperations.TrailingZeroCount(bits));
    }
}
