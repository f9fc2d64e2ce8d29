using System.Runtime.CompilerServices;

namespace Harness.Spiking.Kernels;

/// <summary>
/// Two vectors whose operations alternate: a processor that looks ahead over fewer operations than one iteration of a kernel has would wait
/// for every link of its chain, and here finds the other vector's link to do meanwhile.
/// </summary>
readonly unsafe struct Twice<TLanes>(TLanes first, TLanes second) : ILanes<Twice<TLanes>> where TLanes : struct, ILanes<TLanes>
{
    readonly TLanes first = first, second = second;

    public static int Width => 2 * TLanes.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> Fill(float value) => new(TLanes.Fill(value), TLanes.Fill(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> Load(float* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Twice<TLanes> value, float* target)
    {
        TLanes.Store(value.first, target);
        TLanes.Store(value.second, target + TLanes.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> operator +(Twice<TLanes> a, Twice<TLanes> b) => new(a.first + b.first, a.second + b.second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> operator -(Twice<TLanes> a, Twice<TLanes> b) => new(a.first - b.first, a.second - b.second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> operator *(Twice<TLanes> a, Twice<TLanes> b) => new(a.first * b.first, a.second * b.second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> operator /(Twice<TLanes> a, Twice<TLanes> b) => new(a.first / b.first, a.second / b.second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> MultiplyAdd(Twice<TLanes> left, Twice<TLanes> right, Twice<TLanes> sum) =>
        new(TLanes.MultiplyAdd(left.first, right.first, sum.first), TLanes.MultiplyAdd(left.second, right.second, sum.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> Magnitude(Twice<TLanes> value) => new(TLanes.Magnitude(value.first), TLanes.Magnitude(value.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> NegativeMagnitude(Twice<TLanes> value) =>
        new(TLanes.NegativeMagnitude(value.first), TLanes.NegativeMagnitude(value.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> TimesPowerOfTwo(Twice<TLanes> value, Twice<TLanes> shifted) =>
        new(TLanes.TimesPowerOfTwo(value.first, shifted.first), TLanes.TimesPowerOfTwo(value.second, shifted.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Twice<TLanes> WhereAtLeast(Twice<TLanes> left, Twice<TLanes> right, Twice<TLanes> yes, Twice<TLanes> no) =>
        new(TLanes.WhereAtLeast(left.first, right.first, yes.first, no.first),
            TLanes.WhereAtLeast(left.second, right.second, yes.second, no.second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Differing(Twice<TLanes> value, Twice<TLanes> other) =>
        TLanes.Differing(value.first, other.first) | TLanes.Differing(value.second, other.second) << TLanes.Width;
}
