using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Harness.Spiking.Kernels;

/// <summary>Which kernel multiplies spikes with weights. Both give the same bits, so that only time depends on the choice.</summary>
public enum ProductPath
{
    /// <summary>A row of weights is added for every spike (<see cref="EventProduct"/>).</summary>
    Event,
    /// <summary>Every weight is multiplied (<see cref="DenseProduct"/>).</summary>
    Dense,
}

/// <summary>
/// Chooses the kernel from the density of some rows and from how fast this processor is at both, which is measured once (some
/// milliseconds). No result depends on the choice.
/// </summary>
static unsafe class ProductPaths
{
    // Rows that are looked at: their density is within 2 points of the whole for any matrix of independent values.
    const long SampledRows = 64;
    // Weights of less bytes than this stay near enough to the processor, together with what is added up.
    const int Near = 64 * 1024;
    const double PackedColumns = 9;

    /// <param name="values">[rows, depth], contiguous.</param>
    public static ProductPath Choose(float* values, long rows, int depth, int columns)
    {
        var (stride, nonZero, looked) = (Math.Max(1, rows / SampledRows), 0L, 0L);
        for (var row = 0L; row < rows; row += stride, looked++) nonZero += NonZero(values + row * depth, depth);
        return Choose(looked == 0 ? 0 : (double)nonZero / (looked * depth), depth, columns);
    }

    static int NonZero(float* values, int count)
    {
        var (sum, at) = (0, 0);
        for (; at + Vector512<float>.Count <= count; at += Vector512<float>.Count)
            sum += Vector512<float>.Count - BitOperations.PopCount(Vector512.Equals(Vector512.Load(values + at), Vector512<float>.Zero)
                .ExtractMostSignificantBits());
        for (; at < count; at++) sum += values[at] != 0 ? 1 : 0;
        return sum;
    }

    public static ProductPath Choose(double density, int depth, int columns) =>
        density < Crossover(depth, columns) ? ProductPath.Event : ProductPath.Dense;

    /// <summary>
    /// The density at which both kernels take equally long on this processor, packing included: packing a value takes as long as
    /// multiplying it with <see cref="PackedColumns"/> columns. Where the weights lie decides how long an event takes.
    /// </summary>
    public static double Crossover(int depth, int columns)
    {
        var (near, far) = Measured.Value;
        return Crossover(depth * columns * sizeof(float) < Near ? near : far, columns);
    }

    static double Crossover(double many, int columns) => many * Math.Max(0, 1 - PackedColumns / columns);

    static readonly Lazy<(double Near, double Far)> Measured = new(() => (Measure(1024, 64, 192), Measure(512, 384, 256)));

    /// <summary>
    /// For so many columns that packing costs nothing. An event's time grows with the density, the dense product's does not.
    /// </summary>
    static double Measure(int rows, int depth, int columns)
    {
        var (values, bits) = (new float[rows * depth], new ulong[rows * SpikeBits.Words(depth)]);
        // Every other value at first sight, but in no order that a processor could learn.
        for (var at = 0; at < values.Length; at++) values[at] = (uint)at * 2654435761 >> 31;
        var (weights, results) = (new float[depth * columns], new float[rows * columns]);
        fixed (float* a = values, b = weights, c = results)
            fixed (ulong* packed = bits)
            {
                var ((x, w, y), p) = (((nint)a, (nint)b, (nint)c), (nint)packed);
                SpikeBits.Pack(a, packed, rows, depth);
                void Dense() => DenseProduct.Multiply(MatrixView.OfRows((float*)x, depth), MatrixView.OfRows((float*)w, columns), null,
                    (float*)y, rows, depth, columns);
                void Event() => EventProduct.Multiply((ulong*)p, default, (float*)w, null, (float*)y, rows, depth, columns);
                var (half, dense) = (Fastest(Event), Fastest(Dense));
                bits.AsSpan().Clear();
                var none = Fastest(Event);
                return half <= none ? 1 : Math.Clamp(0.5 * (dense - none) / (half - none), 0.1, 1);
            }
    }

    static double Fastest(Action work)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round < 9; round++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
