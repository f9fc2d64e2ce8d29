using System.Runtime.CompilerServices;

namespace Harness.Spiking.Kernels;

/// <summary>What a value that is not zero does to a sum.</summary>
unsafe interface IEventValues
{
    static abstract TLanes Add<TLanes>(TLanes sum, float* part, TLanes value) where TLanes : struct, ILanes<TLanes>;
    static abstract TLanes Add<TLanes>(TLanes sum, TLanes part, TLanes value) where TLanes : struct, ILanes<TLanes>;
    static abstract TLanes Value<TLanes>(float* value) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>All values that are not zero are one, and are not read.</summary>
readonly unsafe struct Ones : IEventValues
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes sum, float* part, TLanes value) where TLanes : struct, ILanes<TLanes> =>
        sum + TLanes.Load(part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes sum, TLanes part, TLanes value) where TLanes : struct, ILanes<TLanes> => sum + part;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(float* value) where TLanes : struct, ILanes<TLanes> => default;
}

/// <summary>Any values: a one adds the same bits as above, since a product and a sum are rounded once.</summary>
readonly unsafe struct Counts : IEventValues
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes sum, float* part, TLanes value) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(value, TLanes.Load(part), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes sum, TLanes part, TLanes value) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(value, part, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(float* value) where TLanes : struct, ILanes<TLanes> => TLanes.Fill(*value);
}
