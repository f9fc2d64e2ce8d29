using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>Rows of a matrix to columns of another, in squares of eight or four.</summary>
static unsafe class Transposition
{
    // Side of what is turned before the next: its lines of both matrices stay in the caches until they are full.
    const int Block = 64;

    /// <summary>A whole matrix, on all threads.</summary>
    /// <param name="from">[rows, columns], contiguous.</param>
    /// <param name="to">Receives [columns, rows], contiguous; no part of <paramref name="from"/>.</param>
    public static void Of(float* from, float* to, long rows, int columns) => KernelTeam.For((columns + Block - 1) / Block, (first, end) =>
    {
        for (var column = (int)first * Block; column < Math.Min(columns, (int)end * Block); column += Block)
            for (var row = 0L; row < rows; row += Block)
                Of(from + row * columns + column, columns, to + column * rows + row, (nint)rows, (int)Math.Min(Block, rows - row),
                    Math.Min(Block, columns - column));
    });

    /// <param name="from">[rows, columns], rows <paramref name="fromRow"/> values apart.</param>
    /// <param name="to">Receives [columns, rows], rows <paramref name="toRow"/> values apart; no part of <paramref name="from"/>.</param>
    public static void Of(float* from, nint fromRow, float* to, nint toRow, int rows, int columns)
    {
        var side = !Avx.IsSupported ? 1 : Math.Min(rows, columns) switch { >= 8 => 8, >= 4 => 4, _ => 1 };
        // The last squares reach back over values that are written twice.
        for (var row = 0; row < rows; row += side)
        {
            var y = Math.Min(row, rows - side);
            for (var column = 0; column < columns; column += side)
            {
                var x = Math.Min(column, columns - side);
                float* source = from + y * fromRow + x, target = to + x * toRow + y;
                if (side == 8) Eight(source, fromRow, target, toRow);
                else if (side == 4) Four(source, fromRow, target, toRow);
                else *target = *source;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(float* from, nint fromRow, float* to, nint toRow)
    {
        Vector128<float> a0 = Vector128.Load(from), a1 = Vector128.Load(from + fromRow), a2 = Vector128.Load(from + 2 * fromRow),
            a3 = Vector128.Load(from + 3 * fromRow);
        Vector128<float> b0 = Sse.UnpackLow(a0, a1), b1 = Sse.UnpackHigh(a0, a1), b2 = Sse.UnpackLow(a2, a3), b3 = Sse.UnpackHigh(a2, a3);
        Sse.MoveLowToHigh(b0, b2).Store(to);
        Sse.MoveHighToLow(b2, b0).Store(to + toRow);
        Sse.MoveLowToHigh(b1, b3).Store(to + 2 * toRow);
        Sse.MoveHighToLow(b3, b1).Store(to + 3 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Eight(float* from, nint fromRow, float* to, nint toRow)
    {
        Vector256<float> a0 = Row(0), a1 = Row(1), a2 = Row(2), a3 = Row(3), a4 = Row(4), a5 = Row(5), a6 = Row(6), a7 = Row(7);
        // Pairs of rows, then fours, within halves of vectors; at last the halves.
        Vector256<float> b0 = Avx.UnpackLow(a0, a1), b1 = Avx.UnpackHigh(a0, a1), b2 = Avx.UnpackLow(a2, a3), b3 = Avx.UnpackHigh(a2, a3),
            b4 = Avx.UnpackLow(a4, a5), b5 = Avx.UnpackHigh(a4, a5), b6 = Avx.UnpackLow(a6, a7), b7 = Avx.UnpackHigh(a6, a7);
        const byte First = 0x44, Last = 0xEE;
        Halves(0, Avx.Shuffle(b0, b2, First), Avx.Shuffle(b4, b6, First));
        Halves(1, Avx.Shuffle(b0, b2, Last), Avx.Shuffle(b4, b6, Last));
        Halves(2, Avx.Shuffle(b1, b3, First), Avx.Shuffle(b5, b7, First));
        Halves(3, Avx.Shuffle(b1, b3, Last), Avx.Shuffle(b5, b7, Last));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector256<float> Row(nint row) => Vector256.Load(from + row * fromRow);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Halves(nint column, Vector256<float> upper, Vector256<float> lower)
        {
            const byte Low = 0x20, High = 0x31;
            Avx.Permute2x128(upper, lower, Low).Store(to + column * toRow);
            Avx.Permute2x128(upper, lower, High).Store(to + (column + 4) * toRow);
        }
    }
}
