using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

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
/// Chooses the kernel from the density of some rows and from how fast this processor is at both on matrices of that shape, which is
/// measured when a shape is first met (up to some tenths of a second). No result depends on the choice.
/// </summary>
static unsafe class ProductPaths
{
    // Rows that are looked at: their density is within 2 points of the whole for any matrix of independent values.
    const long SampledRows = 64;
    // A measurement multiplies no more than this many pairs at once, and no more rows than need be told apart.
    const long MeasuredPairs = 1 << 26;
    const int FewestRows = 64, MostRows = 4096, Rounds = 15;

    static readonly ConcurrentDictionary<(int Rows, int Depth, int Columns), Lazy<double>> Crossovers = new();

    /// <param name="values">[rows, depth], contiguous.</param>
    public static ProductPath Choose(float* values, long rows, int depth, int columns)
    {
        var (stride, nonZero, looked) = (Math.Max(1, rows / SampledRows), 0L, 0L);
        for (var row = 0L; row < rows; row += stride, looked++) nonZero += NonZero(values + row * depth, depth);
        return Choose(looked == 0 ? 0 : (double)nonZero / (looked * depth), rows, depth, columns);
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

    public static ProductPath Choose(double density, long rows, int depth, int columns) =>
        density < Crossover(rows, depth, columns) ? ProductPath.Event : ProductPath.Dense;

    /// <summary>
    /// The density at which both kernels take equally long on this processor, packing of the spikes and turning of the weights included;
    /// infinite where events always win.
    /// </summary>
    public static double Crossover(long rows, int depth, int columns)
    {
        // More rows take longer by as much; with few of them the dense product has fewer to share a weight.
        var most = Math.Clamp(MeasuredPairs / ((long)depth * columns), FewestRows, MostRows);
        var measured = rows >= most ? most : (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, rows));
        return Crossovers.GetOrAdd(((int)measured, depth, columns),
            static shape => new(() => Measure(shape.Rows, shape.Depth, shape.Columns))).Value;
    }

    static double Measure(int rows, int depth, int columns)
    {
        // Of the memory that layers have: vectors of arrays of .NET lie across two lines of the cache, which costs events the more.
        using Tensor values = empty(rows, depth), results = empty(rows, columns);
        using Tensor bits = empty(rows, SpikeBits.Words(depth), int64);
        // As a layer has them, [columns, depth], which events need turned. Pages that nobody wrote would be one page of zeros, always near.
        using Tensor weights = ones(columns, depth), turned = empty(depth, columns);
        float* x = TensorMemory.Floats(values), w = TensorMemory.Floats(weights), wt = TensorMemory.Floats(turned);
        var (y, packed) = ((nint)TensorMemory.Floats(results), (nint)TensorMemory.Longs(bits));
        var dense = Fastest(() => DenseProduct.Multiply(MatrixView.OfRows(x, depth), MatrixView.OfRows(w, depth).Transposed, null,
            (float*)y, rows, depth, columns));
        double Events(double density)
        {
            for (var at = 0; at < rows * depth; at++) x[at] = Scattered((uint)at) < density ? 1 : 0;
            return Fastest(() =>
            {
                SpikeBits.Pack(x, (ulong*)packed, rows, depth);
                Transposition.Of(w, wt, columns, depth);
                EventProduct.Multiply((ulong*)packed, default, wt, null, (float*)y, rows, depth, columns);
            });
        }
        return Crossing(Events, dense);
    }

    /// <summary>
    /// Where a time that grows with the density, nearly in a line, passes <paramref name="limit"/>: a line through the ends of the half
    /// says where to measure once more, and a line through the points around the limit where it is passed.
    /// </summary>
    internal static double Crossing(Func<double, double> time, double limit)
    {
        var (none, half) = ((Density: 0.0, Time: time(0)), (Density: 0.5, Time: time(0.5)));
        if (none.Time >= limit) return 0;
        var guess = Math.Clamp(Passed(none, half), 0.02, 1);
        var near = (Density: guess, Time: time(guess));
        if (near.Time >= limit) return Passed(half.Time < limit && half.Density < guess ? half : none, near);
        if (half.Density > guess && half.Time >= limit) return Passed(near, half);
        if (guess == 1) return double.PositiveInfinity;
        var all = (Density: 1.0, Time: time(1));
        return all.Time < limit ? double.PositiveInfinity : Passed(near, all);

        double Passed((double Density, double Time) low, (double Density, double Time) high) => high.Time <= low.Time
            ? double.PositiveInfinity
            : low.Density + (high.Density - low.Density) * (limit - low.Time) / (high.Time - low.Time);
    }

    // A number in [0, 1), in no order that a processor could learn: the finalizer of MurmurHash3.
    static float Scattered(uint at)
    {
        at = (at ^ at >> 16) * 0x85EBCA6B;
        at = (at ^ at >> 13) * 0xC2B2AE35;
        return ((at ^ at >> 16) >> 8) / (float)(1 << 24);
    }

    static double Fastest(Action work)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
