using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>Kernels of Q4_K and Q6_K on bytes.</summary>
static unsafe class SuperBlockKernels
{
    const int Size = 256;
    const int NibbleBlock = 144;
    const int SixBitBlock = 210;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NibblesOf256(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values;
        var (blocks, mask) = (x.Width / Size, Vector256.Create((byte)15));
        for (var row = 0; row < rows; row++, weights += (long)blocks * NibbleBlock)
            for (var token = 0; token < x.Tokens; token++)
            {
                var first = (long)token * x.Blocks;
                sbyte* codes = x.Codes + first * 32;
                float* scales = x.Scales + first, sums = x.Sums + first;
                Vector256<float> a = default, b = default;
                var w = weights;
                for (var block = 0; block < blocks; block++, w += NibbleBlock, codes += Size, scales += 8, sums += 8)
                {
                    var (own, minimums) = WholeFactors(w);
                    var steps = Floats(own) * (Vector256.Create(table[*(ushort*)w]) * Vector256.Load(scales));
                    a -= Vector256.Create(table[*(ushort*)(w + 2)]) * Floats(minimums) * Vector256.Load(sums);
                    for (var pair = 0; pair < 4; pair++)
                    {
                        var packed = Vector256.Load(w + 16 + 32 * pair);
                        a = Vector256.FusedMultiplyAdd(Part(packed & mask, codes + 64 * pair), Lane(steps, 2 * pair), a);
                        b = Vector256.FusedMultiplyAdd(Part((packed.AsUInt16() >> 4).AsByte() & mask, codes + 64 * pair + 32),
                            Lane(steps, 2 * pair + 1), b);
                    }
                }
                y[(long)token * stride + row] = Vector256.Sum(a + b);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Lane(Vector256<float> from, int lane) => Avx2.PermuteVar8x32(from, Vector256.Create(lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Part(Vector256<byte> nibbles, sbyte* codes) =>
        Vector256.ConvertToSingle(ByteKernels.Products(nibbles, Vector256.Load(codes)));

    /// <summary>
    /// Whole-number scales and minimums of the eight parts of a super-block of Q4_K, a byte each, packed as 6 bits: those of parts 0 to 3
    /// lie in bytes of their own, the upper two bits of which are bits 4 and 5 of those of parts 4 to 7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (ulong Scales, ulong Minimums) WholeFactors(byte* block)
    {
        const uint six = 0x3F3F3F3F, four = 0x0F0F0F0F, two = 0x03030303;
        var (first, second, third) = (*(uint*)(block + 4), *(uint*)(block + 8), *(uint*)(block + 12));
        return (first & six | (ulong)(third & four | (first >> 6 & two) << 4) << 32,
            second & six | (ulong)(third >> 4 & four | (second >> 6 & two) << 4) << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Floats(ulong bytes) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(bytes).AsByte()));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixBitsOf256(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var table = HalfTable.Values;
        var blocks = x.Width / Size;
        Vector256<byte> mask = Vector256.Create((byte)15), pair = Vector256.Create((byte)0x30), offset = Vector256.Create((byte)32);
        for (var row = 0; row < rows; row++, weights += (long)blocks * SixBitBlock)
            for (var token = 0; token < x.Tokens; token++)
            {
                var codes = x.Codes + (long)token * x.Width;
                var scales = x.Scales + (long)token * x.Blocks;
                var w = weights;
                Vector256<float> a = default, b = default;
                for (var block = 0; block < blocks; block++, w += SixBitBlock)
                {
                    var scale = table[*(ushort*)(w + 208)];
                    for (var half = 0; half < 2; half++, codes += 128, scales += 4)
                    {
                        Vector256<byte> low = Vector256.Load(w + 64 * half), next = Vector256.Load(w + 64 * half + 32);
                        var high = Vector256.Load(w + 128 + 32 * half).AsUInt16();
                        var factors = (sbyte*)w + 192 + 8 * half;
                        a = Add(a, (low & mask) | (high << 4).AsByte() & pair, codes, factors, scale * scales[0]);
                        b = Add(b, (next & mask) | (high << 2).AsByte() & pair, codes + 32, factors + 2, scale * scales[1]);
                        a = Add(a, ((low.AsUInt16() >> 4).AsByte() & mask) | high.AsByte() & pair, codes + 64, factors + 4,
                            scale * scales[2]);
                        b = Add(b, ((next.AsUInt16() >> 4).AsByte() & mask) | (high >> 2).AsByte() & pair, codes + 96, factors + 6,
                            scale * scales[3]);
                    }
                }
                y[(long)token * stride + row] = Vector256.Sum(a + b);
            }

        // Each lane of 16 bits holds two products; the first eight lanes belong to one part, the others to the next.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector256<float> Add(Vector256<float> sum, Vector256<byte> code, sbyte* codes, sbyte* factors, float scale)
        {
            var x = Vector256.Load(codes);
            var products = Avx2.MultiplyAddAdjacent(code, x) - Avx2.MultiplyAddAdjacent(offset, x);
            var factor = Vector256.Create(Vector128.Create((short)factors[0]), Vector128.Create((short)factors[1]));
            return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Avx2.MultiplyAddAdjacent(products, factor)),
                Vector256.Create(scale), sum);
        }
    }
}
