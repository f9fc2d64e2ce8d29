using System.Numerics;
using System.Runtime.CompilerServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>Where a matrix is not zero, one bit per value, the first column lowest; every row starts a word of its own.</summary>
static unsafe class SpikeBits
{
    public const int Word = 64;

    public static int Words(long columns) => checked((int)((columns + Word - 1) / Word));

    /// <param name="bits">Receives [rows, <see cref="Words"/>].</param>
    /// <returns>How many values are not zero, and whether all of those are one.</returns>
    public static (long NonZero, bool Ones) Pack(float* values, ulong* bits, long rows, int columns) =>
        Pack(values, bits, rows, columns, VectorWidth.Widest);

    internal static (long NonZero, bool Ones) Pack(float* values, ulong* bits, long rows, int columns, int width)
    {
        var (nonZero, others) = (0L, 0L);
        KernelTeam.For(rows, (first, end) =>
        {
            var (ofThese, otherThanOne) = width switch
            {
                512 => Pack<Lanes512>(values, bits, first, end, columns),
                256 => Pack<Lanes256>(values, bits, first, end, columns),
                _ => Pack<Lanes1>(values, bits, first, end, columns),
            };
            Interlocked.Add(ref nonZero, ofThese);
            Interlocked.Add(ref others, otherThanOne);
        });
        return (nonZero, others == 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (long NonZero, long Others) Pack<TLanes>(float* values, ulong* bits, long first, long end, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        var (zero, one, words) = (TLanes.Fill(0), TLanes.Fill(1), Words(columns));
        var (nonZero, others) = (0L, 0L);
        for (var row = first; row < end; row++)
        {
            var source = values + row * columns;
            for (var word = 0; word < words; word++, source += Word)
            {
                var (set, different, at, count) = (0UL, 0UL, 0, Math.Min(Word, columns - word * Word));
                for (; at + TLanes.Width <= count; at += TLanes.Width)
                {
                    var value = TLanes.Load(source + at);
                    set |= TLanes.Differing(value, zero) << at;
                    different |= TLanes.Differing(value, one) << at;
                }
                for (; at < count; at++)
                {
                    if (source[at] != 0) set |= 1UL << at;
                    if (source[at] != 1) different |= 1UL << at;
                }
                bits[row * words + word] = set;
                nonZero += BitOperations.PopCount(set);
                others += BitOperations.PopCount(set & different);
            }
        }
        return (nonZero, others);
    }

    /// <summary>The matrix of zeros and ones that <paramref name="bits"/> were packed from.</summary>
    /// <param name="values">Receives [rows, columns].</param>
    public static void Unpack(ulong* bits, float* values, long rows, int columns) => KernelTeam.For(rows, (first, end) =>
    {
        for (var row = first; row < end; row++) UnpackRow(bits + row * Words(columns), values + row * columns, columns);
    });

    /// <inheritdoc cref="Unpack"/>
    public static void UnpackRow(ulong* bits, float* values, int columns)
    {
        // Eight at a time, from a table of all bytes.
        var bytes = (byte*)bits;
        var at = 0;
        for (; at + 8 <= columns; at += 8) Eights.AsSpan(*bytes++ * 8, 8).CopyTo(new(values + at, 8));
        for (var left = 0; at < columns; at++, left++) values[at] = *bytes >> left & 1;
    }

    static readonly float[] Eights = [.. Enumerable.Range(0, 256 * 8).Select(at => (float)(at / 8 >> at % 8 & 1))];

    /// <param name="bits">[rows, columns].</param>
    /// <param name="transposed">Receives [columns, rows].</param>
    public static void Transpose(ulong* bits, ulong* transposed, long rows, int columns)
    {
        var (words, tall) = (Words(columns), Words(rows));
        KernelTeam.For(tall, (first, end) =>
        {
            var square = stackalloc ulong[Word];
            for (var block = first; block < end; block++)
                for (var word = 0; word < words; word++)
                {
                    for (var row = 0; row < Word; row++)
                        square[row] = block * Word + row < rows ? bits[(block * Word + row) * words + word] : 0;
                    Transpose(square);
                    for (var column = 0; column < Math.Min(Word, columns - word * Word); column++)
                        transposed[((long)word * Word + column) * tall + block] = square[column];
                }
        });
    }

    // By halves: swaps the off-diagonal quarters of ever smaller squares (Warren, Hacker's Delight, 7-3).
    static void Transpose(ulong* square)
    {
        var mask = 0x00000000FFFFFFFFUL;
        for (var half = Word / 2; half != 0; half >>= 1, mask ^= mask << half)
            for (var row = 0; row < Word; row = (row + half + 1) & ~half)
            {
                var swapped = ((square[row] >> half) ^ square[row + half]) & mask;
                square[row] ^= swapped << half;
                square[row + half] ^= swapped;
            }
    }
}
