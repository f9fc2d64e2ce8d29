using System.Numerics;
using System.Runtime.InteropServices;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>Whole arrays at a time.</summary>
static class Vectors
{
    public static void Scale<T>(Span<T> values, T factor) where T : struct, INumber<T>
    {
        var lanes = MemoryMarshal.Cast<T, Vector<T>>(values);
        for (var lane = 0; lane < lanes.Length; lane++) lanes[lane] *= factor;
        for (var rest = lanes.Length * Vector<T>.Count; rest < values.Length; rest++) values[rest] *= factor;
    }

    /// <summary>values += added × factor; both of one length.</summary>
    public static void AddTimes<T>(Span<T> values, ReadOnlySpan<T> added, T factor) where T : struct, INumber<T>
    {
        var lanes = MemoryMarshal.Cast<T, Vector<T>>(values);
        var others = MemoryMarshal.Cast<T, Vector<T>>(added);
        for (var lane = 0; lane < lanes.Length; lane++) lanes[lane] += others[lane] * factor;
        for (var rest = lanes.Length * Vector<T>.Count; rest < values.Length; rest++) values[rest] += added[rest] * factor;
    }
}
