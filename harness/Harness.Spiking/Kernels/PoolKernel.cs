using System.Runtime.CompilerServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// 3x3 max pooling of stride 2 with one row and column of padding, over planes [rows, columns]. libtorch's own keeps 64-bit indices and
/// walks every window; this one works on whole rows, and finds the places again when it needs them.
/// </summary>
static unsafe class PoolKernel
{
    // Planes of a thread's piece: a plane is small, and the call must be worth it.
    const int Piece = 32;

    /// <summary>Length of a pooled axis.</summary>
    public static int Pooled(int length) => (length - 1) / 2 + 1;

    /// <param name="input">[planes, rows, columns].</param>
    /// <param name="output">Receives [planes, pooled rows, pooled columns].</param>
    public static void Forward(float* input, float* output, int planes, int rows, int columns) => InPieces(planes, columns, (plane, band) =>
        Forward(input + plane * rows * columns, output + plane * Pooled(rows) * Pooled(columns), rows, columns, band));

    /// <param name="input">As in the forward call.</param>
    /// <param name="outputGradient">[planes, pooled rows, pooled columns].</param>
    /// <param name="inputGradient">Receives [planes, rows, columns]: a maximum's gradient goes to its first place, by rows.</param>
    public static void Backward(float* input, float* outputGradient, float* inputGradient, int planes, int rows, int columns) =>
        InPieces(planes, columns, (plane, band) => Backward(input + plane * rows * columns,
            outputGradient + plane * Pooled(rows) * Pooled(columns), inputGradient + plane * rows * columns, rows, columns, band));

    /// <param name="spikes">The input of the forward call, where it was zeros and ones, a row of bits per plane.</param>
    public static void Backward(ulong* spikes, float* outputGradient, float* inputGradient, int planes, int rows, int columns) =>
        InPieces(planes, columns, (plane, band) =>
        {
            var input = KernelScratch.Floats(rows * columns);
            SpikeBits.UnpackRow(spikes + plane * SpikeBits.Words(rows * columns), input, rows * columns);
            Backward(input, outputGradient + plane * Pooled(rows) * Pooled(columns), inputGradient + plane * rows * columns, rows, columns,
                band);
        });

    static void InPieces(int planes, int columns, Action<long, PoolBand> run) =>
        KernelTeam.For((planes + Piece - 1) / Piece, (first, end) =>
        {
            using var band = new PoolBand(columns);
            for (var plane = first * Piece; plane < Math.Min(planes, end * Piece); plane++) run(plane, band);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Forward(float* input, float* output, int rows, int columns, PoolBand band)
    {
        for (var y = 0; y < Pooled(rows); y++)
        {
            var highest = band.Highest(input, 2 * y, rows);
            for (var x = 0; x < Pooled(columns); x++) *output++ = highest[2 * x];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Backward(float* input, float* outputGradient, float* inputGradient, int rows, int columns, PoolBand band)
    {
        new Span<float>(inputGradient, rows * columns).Clear();
        for (var y = 0; y < Pooled(rows); y++)
        {
            var places = band.PlacesOfHighest(input, 2 * y, rows);
            for (var x = 0; x < Pooled(columns); x++, outputGradient++)
                // A place beyond the plane is that of a value which equals nothing.
                if ((uint)places[2 * x] < (uint)(rows * columns)) inputGradient[places[2 * x]] += *outputGradient;
        }
    }
}
