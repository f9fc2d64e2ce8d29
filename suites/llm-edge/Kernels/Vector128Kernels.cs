using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Suites.LlmEdge.Kernels;

/// <summary>
/// Kernels of packed weights in registers of 128 bits, as every 64-bit Arm processor has them: signed codes meet signed codes, with the dot
/// product of bytes where there is one (Armv8.2 FEAT_DotProd).
/// </summary>
static unsafe class Vector128Kernels
{
    const int Size = 256;
    const int NibbleSuperBlock = 144;
    const int SixBitSuperBlock = 210;

    interface ICodes
    {
        static abstract int Bytes { get; }

        /// <summary>The 32 codes of a block.</summary>
        static abstract (Vector128<sbyte> Low, Vector128<sbyte> High) Of(byte* block);
    }

    readonly struct Signed : ICodes
    {
        public static int Bytes => 34;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (Vector128<sbyte> Low, Vector128<sbyte> High) Of(byte* block) =>
            (Vector128.Load((sbyte*)block + 2), Vector128.Load((sbyte*)block + 18));
    }

    readonly struct Nibbles : ICodes
    {
        public static int Bytes => 18;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (Vector128<sbyte> Low, Vector128<sbyte> High) Of(byte* block)
        {
            var (low, high) = Halves(Vector128.Load(block + 2));
            return (low - Vector128.Create((sbyte)8), high - Vector128.Create((sbyte)8));
        }
    }

    public static void BytesOf32(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Blocks<Signed>(weights, rows, x, y, stride);

    public static void NibblesOf32(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Blocks<Nibbles>(weights, rows, x, y, stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Blocks<T>(byte* weights, int rows, in PanelView x, float* y, int stride) where T : struct, ICodes
    {
        var table = HalfTable.Values;
        var (blocks, width) = (x.Blocks, x.Blocks * PanelView.Block);
        for (var row = 0; row < rows; row++, weights += (long)blocks * T.Bytes)
        {
            var token = 0;
            for (; token + 4 <= x.Tokens; token += 4)
            {
                var codes = x.Codes + (long)token * width;
                var scales = x.Scales + (long)token * blocks;
                var w = weights;
                Vector128<float> a = default, b = default, c = default, d = default;
                for (var block = 0; block < blocks; block++, w += T.Bytes, codes += PanelView.Block, scales++)
                {
                    var ((low, high), scale) = (T.Of(w), table[*(ushort*)w]);
                    a = Add(a, low, high, codes, scale * scales[0]);
                    b = Add(b, low, high, codes + width, scale * scales[blocks]);
                    c = Add(c, low, high, codes + 2 * width, scale * scales[2 * blocks]);
                    d = Add(d, low, high, codes + 3 * width, scale * scales[3 * blocks]);
                }
                var to = y + (long)token * stride + row;
                (to[0], to[stride], to[2L * stride], to[3L * stride]) =
                    (Vector128.Sum(a), Vector128.Sum(b), Vector128.Sum(c), Vector128.Sum(d));
            }
            for (; token < x.Tokens; token++)
            {
                var codes = x.Codes + (long)token * width;
                var scales = x.Scales + (long)token * blocks;
                var w = weights;
                Vector128<float> sum = default;
                for (var block = 0; block < blocks; block++, w += T.Bytes, codes += PanelView.Block)
                {
                    var (low, high) = T.Of(w);
                    sum = Add(sum, low, high, codes, table[*(ushort*)w] * scales[block]);
                }
                y[(long)token * stride + row] = Vector128.Sum(sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NibblesOf256(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values;
        var blocks = x.Width / Size;
        var factors = stackalloc float[16];
        for (var row = 0; row < rows; row++, weights += (long)blocks * NibbleSuperBlock)
            for (var token = 0; token < x.Tokens; token++)
            {
                var first = (long)token * x.Blocks;
                var codes = x.Codes + first * PanelView.Block;
                float* scales = x.Scales + first, sums = x.Sums + first;
                var w = weights;
                Vector128<float> sum = default;
                for (var block = 0; block < blocks; block++, w += NibbleSuperBlock, scales += 8, sums += 8)
                {
                    Factors(w, scales, table[*(ushort*)w], factors);
                    var minimum = Vector128.Create(table[*(ushort*)(w + 2)]);
                    sum -= minimum * (Vector128.Load(factors + 8) * Vector128.Load(sums)
                        + Vector128.Load(factors + 12) * Vector128.Load(sums + 4));
                    for (var pair = 0; pair < 4; pair++, codes += 64)
                    {
                        var (low, high) = Halves(Vector128.Load(w + 16 + 32 * pair));
                        var (nextLow, nextHigh) = Halves(Vector128.Load(w + 32 + 32 * pair));
                        sum = Add(sum, low, nextLow, codes, factors[2 * pair]);
                        sum = Add(sum, high, nextHigh, codes + 32, factors[2 * pair + 1]);
                    }
                }
                y[(long)token * stride + row] = Vector128.Sum(sum);
            }
    }

    // To eight products of steps and scales, and eight minimums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Factors(byte* block, float* scales, float step, float* to)
    {
        var (own, minimums) = SuperBlockKernels.WholeFactors(block);
        for (var half = 0; half < 2; half++)
        {
            (Four(own >> 32 * half) * (Vector128.Create(step) * Vector128.Load(scales + 4 * half))).Store(to + 4 * half);
            Four(minimums >> 32 * half).Store(to + 8 + 4 * half);
        }

        static Vector128<float> Four(ulong bytes) => Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(
            Vector128.CreateScalarUnsafe(bytes).AsByte())).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixBitsOf256(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values;
        var blocks = x.Width / Size;
        for (var row = 0; row < rows; row++, weights += (long)blocks * SixBitSuperBlock)
            for (var token = 0; token < x.Tokens; token++)
            {
                var codes = x.Codes + (long)token * x.Width;
                var scales = x.Scales + (long)token * x.Blocks;
                var w = weights;
                Vector128<float> sum = default;
                for (var block = 0; block < blocks; block++, w += SixBitSuperBlock, codes += Size, scales += 8)
                {
                    var scale = table[*(ushort*)(w + 208)];
                    var factors = (sbyte*)w + 192;
                    // Sixteen codes have a factor, 32 activations a scale.
                    for (var part = 0; part < 16; part++)
                        sum = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(Dot(SixBits(w, part), Vector128.Load(codes + 16 * part),
                            Vector128<int>.Zero)), Vector128.Create(scale * factors[part] * scales[part / 2]), sum);
                }
                y[(long)token * stride + row] = Vector128.Sum(sum);
            }
    }

    // Codes 16 part to 16 part + 15. Of each half of a super-block: four runs of 32, whose low bits are the low nibbles of 32 bytes, of 32
    // more, then the high ones; their high bits are bits 0 and 1, 2 and 3, 4 and 5, 6 and 7 of 32 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> SixBits(byte* block, int part)
    {
        var (half, run, side) = (part / 8, part / 2 % 4, part % 2);
        var (low, high) = Halves(Vector128.Load(block + 64 * half + 32 * (run % 2) + 16 * side));
        var pairs = Vector128.Load(block + 128 + 32 * half + 16 * side);
        var above = ((pairs.AsUInt16() >> (2 * run)).AsByte() & Vector128.Create((byte)3)).AsUInt16() << 4;
        return ((run < 2 ? low : high) | above.AsSByte()) - Vector128.Create((sbyte)32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<sbyte> Low, Vector128<sbyte> High) Halves(Vector128<byte> packed) =>
        ((packed & Vector128.Create((byte)15)).AsSByte(), ((packed.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)15)).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Add(Vector128<float> sum, Vector128<sbyte> low, Vector128<sbyte> high, sbyte* x, float scale) =>
        Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(Dot(high, Vector128.Load(x + 16), Dot(low, Vector128.Load(x),
            Vector128<int>.Zero))), Vector128.Create(scale), sum);

    // Some four products to each lane; products of a code of -128 too fit into 16 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Dot(Vector128<sbyte> a, Vector128<sbyte> b, Vector128<int> sum)
    {
        if (Dp.IsSupported) return Dp.DotProduct(sum, a, b);
        if (AdvSimd.IsSupported)
            return AdvSimd.AddPairwiseWideningAndAdd(AdvSimd.AddPairwiseWideningAndAdd(sum,
                AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower())), AdvSimd.MultiplyWideningUpper(a, b));
        var (lowA, highA) = Vector128.Widen(a);
        var (lowB, highB) = Vector128.Widen(b);
        if (Sse2.IsSupported) return sum + Sse2.MultiplyAddAdjacent(lowA, lowB) + Sse2.MultiplyAddAdjacent(highA, highB);
        var (low, high) = (Vector128.Widen(lowA * lowB), Vector128.Widen(highA * highB));
        return sum + low.Lower + low.Upper + (high.Lower + high.Upper);
    }
}
