using System.Runtime.CompilerServices;
using Harness.Spiking.Neurons;

namespace Harness.Spiking.Kernels;

/// <summary>A kernel that is compiled for each surrogate.</summary>
interface ISlopeKernel
{
    void Run<TSlope>() where TSlope : ISurrogateSlope;
}

static class SurrogateSlopes
{
    /// <summary>Runs the kernel as compiled for <paramref name="surrogate"/>.</summary>
    public static void Run<TKernel>(Surrogate surrogate, TKernel kernel) where TKernel : struct, ISlopeKernel
    {
        switch (surrogate)
        {
            case Surrogate.Sigmoid: kernel.Run<SigmoidSlope>(); break;
            case Surrogate.ArcTangent: kernel.Run<ArcTangentSlope>(); break;
            case Surrogate.Triangle: kernel.Run<TriangleSlope>(); break;
            case Surrogate.Rectangle: kernel.Run<RectangleSlope>(); break;
            case Surrogate.SoftSign: kernel.Run<SoftSignSlope>(); break;
            case Surrogate.FastSigmoid: kernel.Run<FastSigmoidSlope>(); break;
            case Surrogate.Exponential: kernel.Run<ExponentialSlope>(); break;
            case Surrogate.Gaussian: kernel.Run<GaussianSlope>(); break;
            case Surrogate.StraightThrough: kernel.Run<StraightSlope>(); break;
            default: throw new HarnessException($"No kernel exists for the surrogate {surrogate}.");
        }
    }
}

/// <summary>A surrogate derivative of (u, slope), inlined into the backward kernel.</summary>
interface ISurrogateSlope
{
    static abstract TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>;
}

readonly struct SigmoidSlope : ISurrogateSlope
{
    // In exp(-|au|), which cannot overflow: a e / (1 + e)^2 equals a s (1 - s).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var e = LaneMath.ExponentialOfNegative(TLanes.NegativeMagnitude(u * slope));
        var sum = TLanes.Fill(1) + e;
        return slope * e / (sum * sum);
    }
}

readonly struct ArcTangentSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var angle = u * slope * TLanes.Fill(MathF.PI / 2);
        return slope * TLanes.Fill(0.5f) / (angle * angle + TLanes.Fill(1));
    }
}

readonly struct TriangleSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var value = slope - slope * slope * TLanes.Magnitude(u);
        return TLanes.WhereAtLeast(value, TLanes.Fill(0), value, TLanes.Fill(0));
    }
}

readonly struct RectangleSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes> =>
        TLanes.WhereAtLeast(TLanes.Magnitude(u) * slope, TLanes.Fill(0.5f), TLanes.Fill(0), slope);
}

readonly struct SoftSignSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var sum = TLanes.Fill(1) + slope * TLanes.Magnitude(u);
        return slope * TLanes.Fill(0.5f) / (sum * sum);
    }
}

readonly struct FastSigmoidSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var sum = TLanes.Fill(1) + slope * TLanes.Magnitude(u);
        return TLanes.Fill(1) / (sum * sum);
    }
}

readonly struct ExponentialSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes> =>
        slope * TLanes.Fill(0.5f) * LaneMath.ExponentialOfNegative(TLanes.NegativeMagnitude(u * slope));
}

readonly struct GaussianSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes>
    {
        var z = u * slope;
        return slope * TLanes.Fill(0.5641895835f) * LaneMath.ExponentialOfNegative(TLanes.Fill(0) - z * z);
    }
}

readonly struct StraightSlope : ISurrogateSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes At<TLanes>(TLanes u, TLanes slope) where TLanes : struct, ILanes<TLanes> => slope;
}
