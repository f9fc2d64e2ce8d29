using System.Numerics;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Kernels;

/// <summary>Sums over spans of equal length, in registers of the machine's own width.</summary>
static class Vectors
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count) sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }

    /// <summary>to += factor · a</summary>
    public static void AddScaled(Span<float> to, float factor, ReadOnlySpan<float> a)
    {
        var (wide, i) = (new Vector<float>(factor), 0);
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + wide * new Vector<float>(a[i..])).CopyTo(to[i..]);
        for (; i < a.Length; i++) to[i] += factor * a[i];
    }

    /// <summary>Root mean square norm: to = x / √(mean x² + ε) · weight.</summary>
    public static void RootMeanSquare(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> to)
    {
        var scale = 1 / MathF.Sqrt(Dot(x, x) / x.Length + epsilon);
        for (var i = 0; i < x.Length; i++) to[i] = weight[i] * (scale * x[i]);
    }

    /// <summary>Exponentials over their sum, in place; returns the logarithm of the sum before the largest was taken off.</summary>
    public static double SoftMax(Span<float> x)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in x) largest = MathF.Max(largest, value);
        var sum = 0f;
        for (var i = 0; i < x.Length; i++) sum += x[i] = MathF.Exp(x[i] - largest);
        var inverse = 1 / sum;
        for (var i = 0; i < x.Length; i++) x[i] *= inverse;
        return largest + Math.Log(sum);
    }

    public static void Gate(Gating gating, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> to)
    {
        switch (gating)
        {
            case Gating.Swiglu: SwiGlu(gate, up, to); break;
            case Gating.Reglu: ReGlu(gate, up, to); break;
            case Gating.Drelu: DRelu(gate, up, to); break;
            default: throw new ArgumentOutOfRangeException(nameof(gating), gating, "not a way to gate");
        }
    }

    /// <summary>to = silu(gate) · up, silu(x) = x / (1 + e^-x).</summary>
    static void SwiGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> to)
    {
        for (var i = 0; i < gate.Length; i++) to[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
    }

    /// <summary>to = max(gate, 0) · up.</summary>
    static void ReGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> to)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= gate.Length; i += Vector<float>.Count)
            (Vector.Max(new Vector<float>(gate[i..]), Vector<float>.Zero) * new Vector<float>(up[i..])).CopyTo(to[i..]);
        for (; i < gate.Length; i++) to[i] = MathF.Max(gate[i], 0) * up[i];
    }

    /// <summary>to = max(gate, 0) · max(up, 0).</summary>
    static void DRelu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> to)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= gate.Length; i += Vector<float>.Count)
            (Vector.Max(new Vector<float>(gate[i..]), Vector<float>.Zero) * Vector.Max(new Vector<float>(up[i..]), Vector<float>.Zero))
                .CopyTo(to[i..]);
        for (; i < gate.Length; i++) to[i] = MathF.Max(gate[i], 0) * MathF.Max(up[i], 0);
    }

    public static int IndexOfLargest(ReadOnlySpan<float> x)
    {
        var best = 0;
        for (var i = 1; i < x.Length; i++) if (x[i] > x[best]) best = i;
        return best;
    }
}
