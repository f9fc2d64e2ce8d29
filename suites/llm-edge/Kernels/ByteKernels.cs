using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Suites.LlmEdge.Kernels;

/// <summary>Kernels of Q8_0 and Q4_0 on bytes: integer products are exact, one multiplication by both scales follows per block.</summary>
static unsafe class ByteKernels
{
    const int ByteBlock = 34;
    const int NibbleBlock = 18;

    /// <summary>Sums of products of unsigned and signed bytes, four to a lane. Two products of 128 · 127 fit into 16 bits with
    /// sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Products(Vector256<byte> unsigned, Vector256<sbyte> signed) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, unsigned, signed)
        : Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(unsigned, signed), Vector256.Create((short)1));

    // w·x = |w| · (x with the sign of w): |-128| is 128 as an unsigned byte, and x is never -128.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Product(Vector256<sbyte> weights, Vector256<byte> magnitudes, sbyte* x) =>
        Vector256.ConvertToSingle(Products(magnitudes, Avx2.Sign(Vector256.Load(x), weights)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Scale(float* table, byte* half) => Vector256.Create(table[*(ushort*)half]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BytesOf32(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values; // a static field would be checked for its class in every turn
        int blocks = x.Blocks, token = 0;
        for (; token + 4 <= x.Tokens; token += 4) FourOfBytes(weights, rows, x, token, y + (long)token * stride, stride);
        for (; token < x.Tokens; token++)
        {
            sbyte* codes = x.Codes + (long)token * blocks * PanelView.Block;
            float* scales = x.Scales + (long)token * blocks;
            var w = weights;
            for (var row = 0; row < rows; row++)
            {
                Vector256<float> a = default, b = default;
                var block = 0;
                for (; block + 2 <= blocks; block += 2, w += 2 * ByteBlock)
                {
                    Vector256<sbyte> v = Vector256.Load((sbyte*)w + 2), u = Vector256.Load((sbyte*)w + 2 + ByteBlock);
                    a = Vector256.FusedMultiplyAdd(Product(v, Vector256.Abs(v).AsByte(), codes + block * 32),
                        Scale(table, w) * Vector256.Create(scales[block]), a);
                    b = Vector256.FusedMultiplyAdd(Product(u, Vector256.Abs(u).AsByte(), codes + block * 32 + 32),
                        Scale(table, w + ByteBlock) * Vector256.Create(scales[block + 1]), b);
                }
                if (block < blocks)
                {
                    var v = Vector256.Load((sbyte*)w + 2);
                    a = Vector256.FusedMultiplyAdd(Product(v, Vector256.Abs(v).AsByte(), codes + block * 32),
                        Scale(table, w) * Vector256.Create(scales[block]), a);
                    w += ByteBlock;
                }
                y[(long)token * stride + row] = Vector256.Sum(a + b);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FourOfBytes(byte* w, int rows, in PanelView x, int token, float* y, int stride)
    {
        var table = HalfTable.Values; // a static field would be checked for its class in every turn
        int blocks = x.Blocks, width = blocks * PanelView.Block;
        var codes = x.Codes + (long)token * width;
        var scales = x.Scales + (long)token * blocks;
        for (var row = 0; row < rows; row++)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            for (var block = 0; block < blocks; block++, w += ByteBlock)
            {
                var v = Vector256.Load((sbyte*)w + 2);
                var (magnitudes, scale) = (Vector256.Abs(v).AsByte(), Scale(table, w));
                var at = codes + block * 32;
                a = Vector256.FusedMultiplyAdd(Product(v, magnitudes, at), scale * Vector256.Create(scales[block]), a);
                b = Vector256.FusedMultiplyAdd(Product(v, magnitudes, at + width), scale * Vector256.Create(scales[block + blocks]), b);
                c = Vector256.FusedMultiplyAdd(Product(v, magnitudes, at + 2 * width),
                    scale * Vector256.Create(scales[block + 2 * blocks]), c);
                d = Vector256.FusedMultiplyAdd(Product(v, magnitudes, at + 3 * width),
                    scale * Vector256.Create(scales[block + 3 * blocks]), d);
            }
            Store(y + row, stride, a, b, c, d);
        }
    }

    /// <summary>
    /// Two blocks in one go: their low nibbles in one register, their high ones in another. Sums of four products of at most 15 · 127 fit
    /// into 16 bits, so both meet before they widen; what the offset 8 adds is taken off as whole numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NibblesOf32(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values; // a static field would be checked for its class in every turn
        int pairs = x.Blocks / 2, token = 0;
        var bytes = (long)x.Blocks * NibbleBlock;
        for (; token + 4 <= x.Tokens; token += 4) FourOfNibbles(weights, rows, x, token, y + (long)token * stride, stride);
        for (; token < x.Tokens; token++)
        {
            var from = x.Pairs + (long)token * x.PairStride;
            for (var row = 0; row < rows; row++)
            {
                Vector256<float> a = default, b = default;
                byte* w = weights + row * bytes, at = from;
                var pair = 0;
                for (; pair + 2 <= pairs; pair += 2, w += 4 * NibbleBlock, at += 2 * PanelView.PairBytes)
                {
                    var (low, high) = Nibbles(w);
                    a = Vector256.FusedMultiplyAdd(Nibbled(low, high, at), Scales(table, w) * Vector256.Load((float*)(at + 96)), a);
                    (low, high) = Nibbles(w + 2 * NibbleBlock);
                    b = Vector256.FusedMultiplyAdd(Nibbled(low, high, at + PanelView.PairBytes),
                        Scales(table, w + 2 * NibbleBlock) * Vector256.Load((float*)(at + PanelView.PairBytes + 96)), b);
                }
                if (pair < pairs)
                {
                    var (low, high) = Nibbles(w);
                    a = Vector256.FusedMultiplyAdd(Nibbled(low, high, at), Scales(table, w) * Vector256.Load((float*)(at + 96)), a);
                    w += 2 * NibbleBlock;
                }
                var sum = Vector256.Sum(a + b);
                y[(long)token * stride + row] = x.Blocks % 2 == 0 ? sum : sum + Last(w, x, token);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FourOfNibbles(byte* weights, int rows, in PanelView x, int token, float* y, int stride)
    {
        var table = HalfTable.Values; // a static field would be checked for its class in every turn
        int pairs = x.Blocks / 2, step = x.PairStride;
        var from = x.Pairs + (long)token * step;
        var bytes = (long)x.Blocks * NibbleBlock;
        for (var row = 0; row < rows; row++)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            byte* w = weights + row * bytes, at = from;
            for (var pair = 0; pair < pairs; pair++, w += 2 * NibbleBlock, at += PanelView.PairBytes)
            {
                var (low, high) = Nibbles(w);
                var scales = Scales(table, w);
                a = Vector256.FusedMultiplyAdd(Nibbled(low, high, at), scales * Vector256.Load((float*)(at + 96)), a);
                b = Vector256.FusedMultiplyAdd(Nibbled(low, high, at + step), scales * Vector256.Load((float*)(at + step + 96)), b);
                c = Vector256.FusedMultiplyAdd(Nibbled(low, high, at + 2 * step), scales * Vector256.Load((float*)(at + 2 * step + 96)), c);
                d = Vector256.FusedMultiplyAdd(Nibbled(low, high, at + 3 * step), scales * Vector256.Load((float*)(at + 3 * step + 96)), d);
            }
            Store(y + row, stride, a, b, c, d);
            if (x.Blocks % 2 != 0)
                for (var i = 0; i < 4; i++) y[(long)i * stride + row] += Last(w, x, token + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<byte> Low, Vector256<byte> High) Nibbles(byte* w)
    {
        var packed = Vector256.Create(Vector128.Load(w + 2), Vector128.Load(w + 2 + NibbleBlock));
        var mask = Vector256.Create((byte)15);
        return (packed & mask, (packed.AsUInt16() >> 4).AsByte() & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Nibbled(Vector256<byte> low, Vector256<byte> high, byte* at)
    {
        var correction = Vector256.Load((int*)(at + 64));
        if (AvxVnni.IsSupported)
            return Vector256.ConvertToSingle(AvxVnni.MultiplyWideningAndAdd(AvxVnni.MultiplyWideningAndAdd(-correction, low,
                Vector256.Load((sbyte*)at)), high, Vector256.Load((sbyte*)at + 32)));
        var products = Avx2.MultiplyAddAdjacent(low, Vector256.Load((sbyte*)at))
            + Avx2.MultiplyAddAdjacent(high, Vector256.Load((sbyte*)at + 32));
        return Vector256.ConvertToSingle(Avx2.MultiplyAddAdjacent(products, Vector256.Create((short)1)) - correction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Scales(float* table, byte* w) => Avx.Blend(Scale(table, w), Scale(table, w + NibbleBlock), 0xF0);

    // The last block of a row with an odd number of them.
    static float Last(byte* w, in PanelView x, int token)
    {
        var block = (long)token * x.Blocks + x.Blocks - 1;
        var codes = x.Codes + block * PanelView.Block;
        var sum = 0;
        for (var i = 0; i < 16; i++) sum += ((w[2 + i] & 15) - 8) * codes[i] + ((w[2 + i] >> 4) - 8) * codes[i + 16];
        return HalfTable.Values[*(ushort*)w] * x.Scales[block] * sum;
    }

    static void Store(float* y, int stride, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) =>
        (y[0], y[stride], y[2L * stride], y[3L * stride]) = (Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
}
