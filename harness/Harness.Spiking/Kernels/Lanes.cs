using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Spiking.Kernels;

/// <summary>Several float32 values worked on at once, so that one kernel text serves every vector width.</summary>
unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    static abstract int Width { get; }
    static abstract TSelf Fill(float value);
    static abstract TSelf Load(float* source);
    static abstract void Store(TSelf value, float* target);
    static abstract TSelf operator +(TSelf left, TSelf right);
    static abstract TSelf operator -(TSelf left, TSelf right);
    static abstract TSelf operator *(TSelf left, TSelf right);
    static abstract TSelf operator /(TSelf left, TSelf right);
    /// <summary>left right + sum, rounded once: whether a processor fuses the two must not decide a bit.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf sum);
    static abstract TSelf Magnitude(TSelf value);
    /// <summary>-|value|.</summary>
    static abstract TSelf NegativeMagnitude(TSelf value);
    /// <summary>value 2^n, where <paramref name="shifted"/> is the whole number n plus 1.5 2^23, so that its low bits are n.</summary>
    static abstract TSelf TimesPowerOfTwo(TSelf value, TSelf shifted);
    /// <summary><paramref name="yes"/> where left >= right, else <paramref name="no"/>.</summary>
    static abstract TSelf WhereAtLeast(TSelf left, TSelf right, TSelf yes, TSelf no);
    /// <summary>One bit per value, the first lowest: whether it differs from <paramref name="other"/>.</summary>
    static abstract ulong Differing(TSelf value, TSelf other);
}

readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    readonly Vector512<float> value = value;
    public static int Width => Vector512<float>.Count;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 Fill(float value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Lanes512 value, float* target) => value.value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.value + b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.value - b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.value * b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a.value / b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 sum) =>
        new(Vector512.FusedMultiplyAdd(left.value, right.value, sum.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes512 Magnitude(Lanes512 value) => new(Vector512.Abs(value.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 NegativeMagnitude(Lanes512 value) => new(value.value | Vector512.Create(-0f));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 TimesPowerOfTwo(Lanes512 value, Lanes512 shifted) =>
        new((value.value.AsInt32() + (shifted.value.AsInt32() << 23)).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereAtLeast(Lanes512 left, Lanes512 right, Lanes512 yes, Lanes512 no) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(left.value, right.value), yes.value, no.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Differing(Lanes512 value, Lanes512 other) =>
        (~Vector512.Equals(value.value, other.value)).ExtractMostSignificantBits();
}

readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    readonly Vector256<float> value = value;
    public static int Width => Vector256<float>.Count;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 Fill(float value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Lanes256 value, float* target) => value.value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.value + b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.value - b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.value * b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a.value / b.value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 sum) =>
        new(Vector256.FusedMultiplyAdd(left.value, right.value, sum.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes256 Magnitude(Lanes256 value) => new(Vector256.Abs(value.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 NegativeMagnitude(Lanes256 value) => new(value.value | Vector256.Create(-0f));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 TimesPowerOfTwo(Lanes256 value, Lanes256 shifted) =>
        new((value.value.AsInt32() + (shifted.value.AsInt32() << 23)).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereAtLeast(Lanes256 left, Lanes256 right, Lanes256 yes, Lanes256 no) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(left.value, right.value), yes.value, no.value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Differing(Lanes256 value, Lanes256 other) =>
        (~Vector256.Equals(value.value, other.value)).ExtractMostSignificantBits();
}

readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    readonly float value = value;
    public static int Width => 1;
    public static Lanes1 Fill(float value) => new(value);
    public static Lanes1 Load(float* source) => new(*source);
    public static void Store(Lanes1 value, float* target) => *target = value.value;
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.value + b.value);
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.value - b.value);
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.value * b.value);
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.value / b.value);
    public static Lanes1 MultiplyAdd(Lanes1 left, Lanes1 right, Lanes1 sum) =>
        new(MathF.FusedMultiplyAdd(left.value, right.value, sum.value));
    public static Lanes1 Magnitude(Lanes1 value) => new(MathF.Abs(value.value));
    public static Lanes1 NegativeMagnitude(Lanes1 value) => new(-MathF.Abs(value.value));
    public static Lanes1 TimesPowerOfTwo(Lanes1 value, Lanes1 shifted) => new(BitConverter.Int32BitsToSingle(
        BitConverter.SingleToInt32Bits(value.value) + (BitConverter.SingleToInt32Bits(shifted.value) << 23)));
    public static Lanes1 WhereAtLeast(Lanes1 left, Lanes1 right, Lanes1 yes, Lanes1 no) => left.value >= right.value ? yes : no;
    public static ulong Differing(Lanes1 value, Lanes1 other) => value.value == other.value ? 0UL : 1UL;
}
