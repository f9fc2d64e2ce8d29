using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// C = bias + A B of a sparse A, float32: a row of B is added for every value of A that is not zero, and nothing is done for the others.
/// In the order of the inner dimension, so that the result is that of <see cref="DenseProduct"/> to the bit.
/// </summary>
static unsafe class EventProduct
{
    // Words of A that are worked on for all rows before the next: the rows of B that they select stay in the second-level cache.
    const int BlockWords = 4;
    // Of fewer rows a weight is read but a few times: each thread takes all of them and its share of the weights, not the reverse.
    const int FewRows = 512;

    /// <param name="bits">Where A [rows, depth] is not zero (<see cref="SpikeBits"/>).</param>
    /// <param name="values">A, by strides; null values where all that are not zero are one.</param>
    /// <param name="b">[depth, columns], contiguous.</param>
    /// <param name="bias">[columns], or null for zeros.</param>
    /// <param name="c">Receives [rows, columns], contiguous.</param>
    public static void Multiply(ulong* bits, MatrixView values, float* b, float* bias, float* c, long rows, long depth, int columns) =>
        Multiply(bits, values, b, bias, c, rows, depth, columns, VectorWidth.Widest);

    internal static void Multiply(ulong* bits, MatrixView values, float* b, float* bias, float* c, long rows, long depth, int columns,
        int width)
    {
        if (values.Values == null) Multiply<Ones>(bits, values, b, bias, c, rows, depth, columns, width);
        else Multiply<Counts>(bits, values, b, bias, c, rows, depth, columns, width);
    }

    static void Multiply<TValues>(ulong* bits, MatrixView values, float* b, float* bias, float* c, long rows, long depth, int columns,
        int width) where TValues : struct, IEventValues
    {
        var (words, block) = (SpikeBits.Words(depth), 8 * Math.Max(1, width / 32));
        var blocks = (columns + block - 1) / block;
        if (rows < FewRows && blocks >= TorchThreads.Count)
            KernelTeam.For(blocks, (first, end) => Run<TValues>(new(bits, values, b, bias, c, rows, words, columns,
                Math.Min(columns, (int)end * block)), (int)first * block, width));
        else
            KernelTeam.For(rows, (first, end) => Run<TValues>(new(bits + first * words, values.From(first, 0), b, bias,
                c + first * columns, end - first, words, columns, columns), 0, width));
    }

    static void Run<TValues>(Part part, int column, int width) where TValues : struct, IEventValues
    {
        switch (width)
        {
            case 512: column = Columns<Lanes512, TValues>(part, column); break;
            case 256: column = Columns<Lanes256, TValues>(part, column); break;
        }
        Columns<Lanes1, TValues>(part, column);
    }

    /// <summary>The rows of one thread, and the column before which it ends.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly struct Part(ulong* bits, MatrixView values, float* b, float* bias, float* c, long rows, int words, int columns, int end)
    {
        public readonly ulong* Bits = bits;
        public readonly MatrixView Values = values;
        public readonly float* B = b, Bias = bias, C = c;
        public readonly long Rows = rows;
        public readonly int Words = words, Columns = columns, End = end;
    }

    // As many columns at once as registers hold, then fewer.
    static int Columns<TLanes, TValues>(Part part, int column) where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        for (; column + 8 * TLanes.Width <= part.End; column += 8 * TLanes.Width)
            for (var word = 0; word == 0 || word < part.Words; word += BlockWords) Eight<TLanes, TValues>(part, column, word);
        for (; column + 4 * TLanes.Width <= part.End; column += 4 * TLanes.Width)
            for (var word = 0; word == 0 || word < part.Words; word += BlockWords) Four<TLanes, TValues>(part, column, word);
        for (; column + TLanes.Width <= part.End; column += TLanes.Width)
            for (var word = 0; word == 0 || word < part.Words; word += BlockWords) One<TLanes, TValues>(part, column, word);
        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight<TLanes, TValues>(Part part, int column, int firstWord)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        // In locals: the innermost loop would read the fields of a struct from memory for every event.
        var (w, end, words) = (TLanes.Width, Math.Min(part.Words, firstWord + BlockWords), part.Words);
        nint columns = part.Columns, rowStride = (nint)part.Values.RowStride, columnStride = (nint)part.Values.ColumnStride;
        float* weights = part.B + column, values = part.Values.Values, c = part.C + column;
        var bits = part.Bits;
        for (var row = part.Rows; row > 0; row--, bits += words, values += rowStride, c += columns)
        {
            var from = firstWord > 0 ? c : part.Bias + column;
            var none = firstWord == 0 && part.Bias == null;
            TLanes s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            if (!none)
            {
                (s0, s1, s2, s3) = (TLanes.Load(from), TLanes.Load(from + w), TLanes.Load(from + 2 * w), TLanes.Load(from + 3 * w));
                (s4, s5, s6, s7) = (TLanes.Load(from + 4 * w), TLanes.Load(from + 5 * w), TLanes.Load(from + 6 * w),
                    TLanes.Load(from + 7 * w));
            }
            for (var word = firstWord; word < end; word++)
                for (var set = bits[word]; set != 0; set &= set - 1)
                {
                    var k = (nint)word * 64 + BitOperations.TrailingZeroCount(set);
                    var b = weights + k * columns;
                    var value = TValues.Value<TLanes>(values + k * columnStride);
                    s0 = TValues.Add(s0, b, value);
                    s1 = TValues.Add(s1, b + w, value);
                    s2 = TValues.Add(s2, b + 2 * w, value);
                    s3 = TValues.Add(s3, b + 3 * w, value);
                    s4 = TValues.Add(s4, b + 4 * w, value);
                    s5 = TValues.Add(s5, b + 5 * w, value);
                    s6 = TValues.Add(s6, b + 6 * w, value);
                    s7 = TValues.Add(s7, b + 7 * w, value);
                }
            TLanes.Store(s0, c); TLanes.Store(s1, c + w); TLanes.Store(s2, c + 2 * w); TLanes.Store(s3, c + 3 * w);
            TLanes.Store(s4, c + 4 * w); TLanes.Store(s5, c + 5 * w); TLanes.Store(s6, c + 6 * w); TLanes.Store(s7, c + 7 * w);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four<TLanes, TValues>(Part part, int column, int firstWord)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        // In locals: the innermost loop would read the fields of a struct from memory for every event.
        var (w, end, words) = (TLanes.Width, Math.Min(part.Words, firstWord + BlockWords), part.Words);
        nint columns = part.Columns, rowStride = (nint)part.Values.RowStride, columnStride = (nint)part.Values.ColumnStride;
        float* weights = part.B + column, values = part.Values.Values, c = part.C + column;
        var bits = part.Bits;
        for (var row = part.Rows; row > 0; row--, bits += words, values += rowStride, c += columns)
        {
            var from = firstWord > 0 ? c : part.Bias + column;
            TLanes s0 = default, s1 = default, s2 = default, s3 = default;
            if (firstWord > 0 || part.Bias != null)
                (s0, s1, s2, s3) = (TLanes.Load(from), TLanes.Load(from + w), TLanes.Load(from + 2 * w), TLanes.Load(from + 3 * w));
            for (var word = firstWord; word < end; word++)
                for (var set = bits[word]; set != 0; set &= set - 1)
                {
                    var k = (nint)word * 64 + BitOperations.TrailingZeroCount(set);
                    var b = weights + k * columns;
                    var value = TValues.Value<TLanes>(values + k * columnStride);
                    s0 = TValues.Add(s0, b, value);
                    s1 = TValues.Add(s1, b + w, value);
                    s2 = TValues.Add(s2, b + 2 * w, value);
                    s3 = TValues.Add(s3, b + 3 * w, value);
                }
            TLanes.Store(s0, c); TLanes.Store(s1, c + w); TLanes.Store(s2, c + 2 * w); TLanes.Store(s3, c + 3 * w);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One<TLanes, TValues>(Part part, int column, int firstWord)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        var (end, words) = (Math.Min(part.Words, firstWord + BlockWords), part.Words);
        nint columns = part.Columns, rowStride = (nint)part.Values.RowStride, columnStride = (nint)part.Values.ColumnStride;
        float* weights = part.B + column, values = part.Values.Values, c = part.C + column;
        var bits = part.Bits;
        for (var row = part.Rows; row > 0; row--, bits += words, values += rowStride, c += columns)
        {
            var sum = firstWord > 0 ? TLanes.Load(c) : part.Bias == null ? default : TLanes.Load(part.Bias + column);
            for (var word = firstWord; word < end; word++)
                for (var set = bits[word]; set != 0; set &= set - 1)
                {
                    var k = (nint)word * 64 + BitOperations.TrailingZeroCount(set);
                    sum = TValues.Add(sum, weights + k * columns, TValues.Value<TLanes>(values + k * columnStride));
                }
            TLanes.Store(sum, c);
        }
    }
}
