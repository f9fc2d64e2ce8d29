using System.Runtime.CompilerServices;

namespace Harness.Spiking.Kernels;

/// <summary>Functions that every width computes by the same operations, and so to the same bits.</summary>
static class LaneMath
{
    /// <summary>
    /// exp(x) for x up to 0, within 2 units in the last place; below -87, where float32 ends, exp(-87). x = n ln 2 + r; exp(r) =
    /// 1 + r + r^2 q(r) on |r| up to ln 2 / 2, where q, of degree 3, has the least largest relative error (1.05e-7); times 2^n. The halves
    /// of q do not wait for each other: a kernel's iteration is as long as this chain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes ExponentialOfNegative<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        const float shift = 1.5f * (1 << 23);
        // ln 2 in two parts: n times the first is exact.
        const float high = 0.693145751953125f, low = 1.42860677e-6f;
        x = TLanes.WhereAtLeast(x, TLanes.Fill(-87), x, TLanes.Fill(-87));
        var shifted = TLanes.MultiplyAdd(x, TLanes.Fill(1.44269504f), TLanes.Fill(shift));
        var n = TLanes.Fill(shift) - shifted;
        var r = TLanes.MultiplyAdd(n, TLanes.Fill(low), TLanes.MultiplyAdd(n, TLanes.Fill(high), x));
        var square = r * r;
        var lower = TLanes.MultiplyAdd(r, TLanes.Fill(0.16667116f), TLanes.Fill(0.49999231f));
        var upper = TLanes.MultiplyAdd(r, TLanes.Fill(0.0083124954f), TLanes.Fill(0.041890319f));
        var series = TLanes.MultiplyAdd(square, TLanes.MultiplyAdd(square, upper, lower), TLanes.Fill(1) + r);
        return TLanes.TimesPowerOfTwo(series, shifted);
    }
}
