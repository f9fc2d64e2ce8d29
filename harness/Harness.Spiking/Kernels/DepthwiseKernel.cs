using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <param name="Kernel">Odd side of the kernel; padding keeps the size of the maps.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct DepthwiseShape(int Samples, int Channels, int Rows, int Columns, int Kernel);

/// <summary>
/// The gradient of a depthwise convolution's weights. For kernels above 3x3 libtorch 2.10 writes every map out once for each tap and
/// multiplies by one row: 50 times as long as its forward pass. A map fits into the first-level cache, where all taps read it.
/// </summary>
static unsafe class DepthwiseKernel
{
    const int Taps = 4;

    /// <param name="input">[samples, channels, rows, columns].</param>
    /// <param name="outputGradient">dL/dy, as the input.</param>
    /// <param name="weightGradient">Receives dL/dW, [channels, kernel, kernel].</param>
    public static void WeightGradient(float* input, float* outputGradient, float* weightGradient, DepthwiseShape shape, int width)
    {
        switch (width)
        {
            case 512: WeightGradient<Lanes512>(input, outputGradient, weightGradient, shape); break;
            case 256: WeightGradient<Lanes256>(input, outputGradient, weightGradient, shape); break;
            default: WeightGradient<Lanes1>(input, outputGradient, weightGradient, shape); break;
        }
    }

    // A channel is one thread's: the order of its sums does not depend on their number.
    static void WeightGradient<TLanes>(float* input, float* outputGradient, float* weightGradient, DepthwiseShape shape)
        where TLanes : struct, ILanes<TLanes> => KernelTeam.For(shape.Channels, (first, end) =>
        {
            var (rows, columns, kernel, map) = (shape.Rows, shape.Columns, shape.Kernel, shape.Rows * shape.Columns);
            var row = (columns + TLanes.Width - 1) / TLanes.Width * TLanes.Width;
            var (paddedRow, pad) = (row + kernel - 1, kernel / 2);
            var (gradients, values) = (rows * row, (rows + kernel - 1) * paddedRow);
            var sums = KernelScratch.Floats(kernel * kernel * TLanes.Width + gradients + values);
            float* gradient = sums + kernel * kernel * TLanes.Width, padded = gradient + gradients;
            // What is around a map stays zero.
            new Span<float>(gradient, gradients + values).Clear();
            for (var channel = first; channel < end; channel++)
            {
                new Span<float>(sums, kernel * kernel * TLanes.Width).Clear();
                for (var sample = 0; sample < shape.Samples; sample++)
                {
                    var place = ((long)sample * shape.Channels + channel) * map;
                    for (var y = 0; y < rows; y++)
                    {
                        KernelMemory.Copy(outputGradient + place + y * columns, gradient + y * row, columns);
                        KernelMemory.Copy(input + place + y * columns, padded + (y + pad) * paddedRow + pad, columns);
                    }
                    for (var down = 0; down < kernel; down++)
                        AddTaps<TLanes>(gradient, padded + down * paddedRow, sums + down * kernel * TLanes.Width, rows, row, kernel);
                }
                for (var tap = 0; tap < kernel * kernel; tap++)
                {
                    var sum = 0f;
                    for (var lane = 0; lane < TLanes.Width; lane++) sum += sums[tap * TLanes.Width + lane];
                    weightGradient[channel * kernel * kernel + tap] = sum;
                }
            }
        });

    // Sums over a map of the gradient times the values beside it, for every tap of a row of the kernel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddTaps<TLanes>(float* gradient, float* values, float* sums, int rows, int row, int kernel)
        where TLanes : struct, ILanes<TLanes>
    {
        var (w, tap, paddedRow) = (TLanes.Width, 0, row + kernel - 1);
        for (; tap + Taps <= kernel; tap += Taps)
        {
            var sum = sums + tap * w;
            TLanes s0 = TLanes.Load(sum), s1 = TLanes.Load(sum + w), s2 = TLanes.Load(sum + 2 * w), s3 = TLanes.Load(sum + 3 * w);
            for (var y = 0; y < rows; y++)
            {
                float* g = gradient + y * row, x = values + y * paddedRow + tap;
                for (var at = 0; at < row; at += w)
                {
                    var part = TLanes.Load(g + at);
                    s0 = TLanes.MultiplyAdd(part, TLanes.Load(x + at), s0);
                    s1 = TLanes.MultiplyAdd(part, TLanes.Load(x + at + 1), s1);
                    s2 = TLanes.MultiplyAdd(part, TLanes.Load(x + at + 2), s2);
                    s3 = TLanes.MultiplyAdd(part, TLanes.Load(x + at + 3), s3);
                }
            }
            TLanes.Store(s0, sum); TLanes.Store(s1, sum + w); TLanes.Store(s2, sum + 2 * w); TLanes.Store(s3, sum + 3 * w);
        }
        for (; tap < kernel; tap++)
        {
            var sum = TLanes.Load(sums + tap * w);
            for (var y = 0; y < rows; y++)
                for (var at = 0; at < row; at += w)
                    sum = TLanes.MultiplyAdd(TLanes.Load(gradient + y * row + at), TLanes.Load(values + y * paddedRow + tap + at), sum);
            TLanes.Store(sum, sums + tap * w);
        }
    }
}
