using System.Runtime.CompilerServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// C = bias + A B, float32, for the tall and narrow products of spiking transformers, where libtorch's library is far from what the
/// processor can do. Each value of C is one chain of fused multiply-adds in the order of the inner dimension: no width of vectors, number
/// of threads or size of blocks decides a bit, and where A is 0 or 1 the result is that of <see cref="EventProduct"/>.
/// </summary>
static unsafe class DenseProduct
{
    const int TileRows = 6;
    // Inner dimension and rows of a block: what is repacked of B and read of A stays in the second-level cache.
    const int BlockDepth = 256, BlockRows = 16 * TileRows;

    /// <summary>C += A B for six rows of A and the columns of one panel of B.</summary>
    interface ITile
    {
        static abstract int Columns { get; }

        /// <param name="a">The first row; the others begin so many values after it.</param>
        /// <param name="b">[depth, Columns], contiguous.</param>
        static abstract void Add(MatrixView a, long row1, long row2, long row3, long row4, long row5, int depth, float* b, float* c,
            long stride);
    }

    /// <param name="a">[rows, depth].</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="bias">[columns], or null for zeros.</param>
    /// <param name="c">Receives [rows, columns], contiguous.</param>
    public static void Multiply(MatrixView a, MatrixView b, float* bias, float* c, long rows, int depth, int columns) =>
        Multiply(a, b, bias, c, rows, depth, columns, VectorWidth.Widest);

    internal static void Multiply(MatrixView a, MatrixView b, float* bias, float* c, long rows, int depth, int columns, int width)
    {
        switch (width)
        {
            case 512 when FourFit(columns): Multiply<FourVectors>(a, b, bias, c, rows, depth, columns); break;
            case 512: Multiply<TwoVectors<Lanes512>>(a, b, bias, c, rows, depth, columns); break;
            case 256: Multiply<TwoVectors<Lanes256>>(a, b, bias, c, rows, depth, columns); break;
            default: Multiply<TwoVectors<Lanes1>>(a, b, bias, c, rows, depth, columns); break;
        }
    }

    // Wider tiles load less for a multiplication, which is lost where more of the last one lies over the edge of C.
    static bool FourFit(int columns) => Padded<FourVectors>(columns) <= Padded<TwoVectors<Lanes512>>(columns) * 9 / 8;

    static long Padded<TTile>(long columns) where TTile : struct, ITile => (columns + TTile.Columns - 1) / TTile.Columns * TTile.Columns;

    static void Multiply<TTile>(MatrixView a, MatrixView b, float* bias, float* c, long rows, int depth, int columns)
        where TTile : struct, ITile
    {
        var tiles = (rows + TileRows - 1) / TileRows;
        var panels = (columns + TTile.Columns - 1) / TTile.Columns;
        // Few rows, as in gradients of weights, are shared out by columns.
        if (tiles >= panels)
            KernelTeam.For(tiles, (first, end) =>
                Part<TTile>(a, b, bias, c, first * TileRows, Math.Min(rows, end * TileRows), depth, columns, 0, panels));
        else
            KernelTeam.For(panels, (first, end) => Part<TTile>(a, b, bias, c, 0, rows, depth, columns, (int)first, (int)end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Part<TTile>(MatrixView a, MatrixView b, float* bias, float* c, long firstRow, long endRow, int depth, int columns,
        int firstPanel, int endPanel) where TTile : struct, ITile
    {
        var width = TTile.Columns;
        var packed = KernelScratch.Floats((long)Math.Min(depth, BlockDepth) * (endPanel - firstPanel) * width + 2 * TileRows * width);
        var edge = packed + (long)Math.Min(depth, BlockDepth) * (endPanel - firstPanel) * width;
        for (var block = 0; block == 0 || block < depth; block += BlockDepth)
        {
            var inner = Math.Min(BlockDepth, depth - block);
            for (var panel = firstPanel; panel < endPanel; panel++)
                Pack(b, block, inner, panel * width, Math.Min(width, columns - panel * width), width,
                    packed + (long)(panel - firstPanel) * inner * width);
            for (var rowBlock = firstRow; rowBlock < endRow; rowBlock += BlockRows)
                for (var panel = firstPanel; panel < endPanel; panel++)
                    for (var row = rowBlock; row < Math.Min(endRow, rowBlock + BlockRows); row += TileRows)
                        Tile<TTile>(a.From(row, block), inner,
                            packed + (long)(panel - firstPanel) * inner * width, block == 0, bias == null ? null : bias + panel * width,
                            c + row * columns + panel * width, columns, (int)Math.Min(TileRows, endRow - row),
                            Math.Min(width, columns - panel * width), edge);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Pack(MatrixView b, int firstRow, int rows, int firstColumn, int columns, int width, float* target)
    {
        // A transposed B, as weights are, lies along the inner dimension.
        var turned = b.RowStride == 1 && b.ColumnStride != 1;
        if (turned) Transposition.Of(b.From(firstRow, firstColumn).Values, (nint)b.ColumnStride, target, width, columns, rows);
        for (var row = 0; row < rows; row++, target += width)
        {
            var source = b.From(firstRow + row, firstColumn).Values;
            if (b.ColumnStride == 1) new ReadOnlySpan<float>(source, columns).CopyTo(new(target, columns));
            else if (!turned) for (var column = 0; column < columns; column++) target[column] = source[column * b.ColumnStride];
            new Span<float>(target + columns, width - columns).Clear();
        }
    }

    // Tiles that reach over an edge of C are computed beside it, on rows of A that exist.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TTile>(MatrixView a, int depth, float* b, bool first, float* bias, float* c, int stride, int rows, int columns,
        float* edge) where TTile : struct, ITile
    {
        var width = TTile.Columns;
        if (rows == TileRows && columns == width)
        {
            if (first) Start(bias, c, stride, rows, columns);
            TTile.Add(a, a.RowStride, 2 * a.RowStride, 3 * a.RowStride, 4 * a.RowStride, 5 * a.RowStride, depth, b, c, stride);
            return;
        }
        if (first) Start(bias, c, stride, rows, columns);
        new Span<float>(edge, TileRows * width).Clear();
        for (var row = 0; row < rows; row++) KernelMemory.Copy(c + row * stride, edge + row * width, columns);
        long Row(int row) => Math.Min(row, rows - 1) * a.RowStride;
        TTile.Add(a, Row(1), Row(2), Row(3), Row(4), Row(5), depth, b, edge, width);
        for (var row = 0; row < rows; row++) KernelMemory.Copy(edge + row * width, c + row * stride, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Start(float* bias, float* c, int stride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
            if (bias == null) new Span<float>(c + row * stride, columns).Clear();
            else KernelMemory.Copy(bias, c + row * stride, columns);
    }

    /// <summary>C += A B of six rows, a multiple of two vectors of columns, and a B that <see cref="PackPanels"/> has turned.</summary>
    /// <param name="a">[6, depth], contiguous.</param>
    /// <param name="c">[6, columns], contiguous.</param>
    internal static void AddSixRows<TLanes>(float* a, float* packed, float* c, int depth, int columns) where TLanes : struct, ILanes<TLanes>
    {
        var width = TwoVectors<TLanes>.Columns;
        for (var column = 0; column < columns; column += width)
            TwoVectors<TLanes>.Add(MatrixView.OfRows(a, depth), depth, 2 * depth, 3 * depth, 4 * depth, 5 * depth, depth,
                packed + (long)column * depth, c + column, columns);
    }

    /// <summary>B in the order in which <see cref="AddSixRows"/> reads it.</summary>
    internal static void PackPanels<TLanes>(MatrixView b, float* packed, int depth, int columns) where TLanes : struct, ILanes<TLanes>
    {
        var width = TwoVectors<TLanes>.Columns;
        for (var column = 0; column < columns; column += width)
            Pack(b, 0, depth, column, width, width, packed + (long)column * depth);
    }

    /// <summary>Two vectors of columns: twelve independent chains, and 15 of the 16 registers that 256-bit processors have.</summary>
    readonly struct TwoVectors<TLanes> : ITile where TLanes : struct, ILanes<TLanes>
    {
        public static int Columns => 2 * TLanes.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Add(MatrixView a, long row1, long row2, long row3, long row4, long row5, int depth, float* b, float* c,
            long stride)
        {
            float* c1 = c + stride, c2 = c1 + stride, c3 = c2 + stride, c4 = c3 + stride, c5 = c4 + stride;
            TLanes s00 = TLanes.Load(c), s01 = TLanes.Load(c + TLanes.Width), s10 = TLanes.Load(c1), s11 = TLanes.Load(c1 + TLanes.Width);
            TLanes s20 = TLanes.Load(c2), s21 = TLanes.Load(c2 + TLanes.Width), s30 = TLanes.Load(c3), s31 = TLanes.Load(c3 + TLanes.Width);
            TLanes s40 = TLanes.Load(c4), s41 = TLanes.Load(c4 + TLanes.Width), s50 = TLanes.Load(c5), s51 = TLanes.Load(c5 + TLanes.Width);
            var at = a.Values;
            // One assignment each: of two in a tuple the compiler moves the second through another register, seven moves to twelve
            // products.
            for (var k = 0; k < depth; k++, at += a.ColumnStride, b += Columns)
            {
                TLanes b0 = TLanes.Load(b), b1 = TLanes.Load(b + TLanes.Width);
                var x = TLanes.Fill(*at);
                s00 = TLanes.MultiplyAdd(x, b0, s00);
                s01 = TLanes.MultiplyAdd(x, b1, s01);
                x = TLanes.Fill(at[row1]);
                s10 = TLanes.MultiplyAdd(x, b0, s10);
                s11 = TLanes.MultiplyAdd(x, b1, s11);
                x = TLanes.Fill(at[row2]);
                s20 = TLanes.MultiplyAdd(x, b0, s20);
                s21 = TLanes.MultiplyAdd(x, b1, s21);
                x = TLanes.Fill(at[row3]);
                s30 = TLanes.MultiplyAdd(x, b0, s30);
                s31 = TLanes.MultiplyAdd(x, b1, s31);
                x = TLanes.Fill(at[row4]);
                s40 = TLanes.MultiplyAdd(x, b0, s40);
                s41 = TLanes.MultiplyAdd(x, b1, s41);
                x = TLanes.Fill(at[row5]);
                s50 = TLanes.MultiplyAdd(x, b0, s50);
                s51 = TLanes.MultiplyAdd(x, b1, s51);
            }
            TLanes.Store(s00, c); TLanes.Store(s01, c + TLanes.Width);
            TLanes.Store(s10, c1); TLanes.Store(s11, c1 + TLanes.Width);
            TLanes.Store(s20, c2); TLanes.Store(s21, c2 + TLanes.Width);
            TLanes.Store(s30, c3); TLanes.Store(s31, c3 + TLanes.Width);
            TLanes.Store(s40, c4); TLanes.Store(s41, c4 + TLanes.Width);
            TLanes.Store(s50, c5); TLanes.Store(s51, c5 + TLanes.Width);
        }
    }

    /// <summary>Four vectors of 512 bits: 24 chains, and 29 of the 32 registers of such processors.</summary>
    readonly struct FourVectors : ITile
    {
        public static int Columns => 4 * Lanes512.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Add(MatrixView a, long row1, long row2, long row3, long row4, long row5, int depth, float* b, float* c,
            long stride)
        {
            const int w = 16;
            float* c1 = c + stride, c2 = c1 + stride, c3 = c2 + stride, c4 = c3 + stride, c5 = c4 + stride;
            Lanes512 s00 = Lanes512.Load(c), s01 = Lanes512.Load(c + w);
            Lanes512 s02 = Lanes512.Load(c + 2 * w), s03 = Lanes512.Load(c + 3 * w);
            Lanes512 s10 = Lanes512.Load(c1), s11 = Lanes512.Load(c1 + w);
            Lanes512 s12 = Lanes512.Load(c1 + 2 * w), s13 = Lanes512.Load(c1 + 3 * w);
            Lanes512 s20 = Lanes512.Load(c2), s21 = Lanes512.Load(c2 + w);
            Lanes512 s22 = Lanes512.Load(c2 + 2 * w), s23 = Lanes512.Load(c2 + 3 * w);
            Lanes512 s30 = Lanes512.Load(c3), s31 = Lanes512.Load(c3 + w);
            Lanes512 s32 = Lanes512.Load(c3 + 2 * w), s33 = Lanes512.Load(c3 + 3 * w);
            Lanes512 s40 = Lanes512.Load(c4), s41 = Lanes512.Load(c4 + w);
            Lanes512 s42 = Lanes512.Load(c4 + 2 * w), s43 = Lanes512.Load(c4 + 3 * w);
            Lanes512 s50 = Lanes512.Load(c5), s51 = Lanes512.Load(c5 + w);
            Lanes512 s52 = Lanes512.Load(c5 + 2 * w), s53 = Lanes512.Load(c5 + 3 * w);
            var at = a.Values;
            for (var k = 0; k < depth; k++, at += a.ColumnStride, b += Columns)
            {
                Lanes512 b0 = Lanes512.Load(b), b1 = Lanes512.Load(b + w), b2 = Lanes512.Load(b + 2 * w), b3 = Lanes512.Load(b + 3 * w);
                var x = Lanes512.Fill(*at);
                s00 = Lanes512.MultiplyAdd(x, b0, s00);
                s01 = Lanes512.MultiplyAdd(x, b1, s01);
                s02 = Lanes512.MultiplyAdd(x, b2, s02);
                s03 = Lanes512.MultiplyAdd(x, b3, s03);
                x = Lanes512.Fill(at[row1]);
                s10 = Lanes512.MultiplyAdd(x, b0, s10);
                s11 = Lanes512.MultiplyAdd(x, b1, s11);
                s12 = Lanes512.MultiplyAdd(x, b2, s12);
                s13 = Lanes512.MultiplyAdd(x, b3, s13);
                x = Lanes512.Fill(at[row2]);
                s20 = Lanes512.MultiplyAdd(x, b0, s20);
                s21 = Lanes512.MultiplyAdd(x, b1, s21);
                s22 = Lanes512.MultiplyAdd(x, b2, s22);
                s23 = Lanes512.MultiplyAdd(x, b3, s23);
                x = Lanes512.Fill(at[row3]);
                s30 = Lanes512.MultiplyAdd(x, b0, s30);
                s31 = Lanes512.MultiplyAdd(x, b1, s31);
                s32 = Lanes512.MultiplyAdd(x, b2, s32);
                s33 = Lanes512.MultiplyAdd(x, b3, s33);
                x = Lanes512.Fill(at[row4]);
                s40 = Lanes512.MultiplyAdd(x, b0, s40);
                s41 = Lanes512.MultiplyAdd(x, b1, s41);
                s42 = Lanes512.MultiplyAdd(x, b2, s42);
                s43 = Lanes512.MultiplyAdd(x, b3, s43);
                x = Lanes512.Fill(at[row5]);
                s50 = Lanes512.MultiplyAdd(x, b0, s50);
                s51 = Lanes512.MultiplyAdd(x, b1, s51);
                s52 = Lanes512.MultiplyAdd(x, b2, s52);
                s53 = Lanes512.MultiplyAdd(x, b3, s53);
            }
            Lanes512.Store(s00, c); Lanes512.Store(s01, c + w);
            Lanes512.Store(s02, c + 2 * w); Lanes512.Store(s03, c + 3 * w);
            Lanes512.Store(s10, c1); Lanes512.Store(s11, c1 + w);
            Lanes512.Store(s12, c1 + 2 * w); Lanes512.Store(s13, c1 + 3 * w);
            Lanes512.Store(s20, c2); Lanes512.Store(s21, c2 + w);
            Lanes512.Store(s22, c2 + 2 * w); Lanes512.Store(s23, c2 + 3 * w);
            Lanes512.Store(s30, c3); Lanes512.Store(s31, c3 + w);
            Lanes512.Store(s32, c3 + 2 * w); Lanes512.Store(s33, c3 + 3 * w);
            Lanes512.Store(s40, c4); Lanes512.Store(s41, c4 + w);
            Lanes512.Store(s42, c4 + 2 * w); Lanes512.Store(s43, c4 + 3 * w);
            Lanes512.Store(s50, c5); Lanes512.Store(s51, c5 + w);
            Lanes512.Store(s52, c5 + 2 * w); Lanes512.Store(s53, c5 + 3 * w);
        }
    }
}
