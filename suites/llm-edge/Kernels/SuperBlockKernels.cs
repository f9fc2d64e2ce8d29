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
        var blocks = x.Width / Size;
        var steps = stackalloc float[8];
        var offsets = stackalloc float[8];
        var mask = Vector256.Create((byte)15);
        for (var row = 0; row < rows; row++)
        {
            for (var token = 0; token < x.Tokens; token++) y[(long)token * stride + row] = 0;
            for (var block = 0; block < blocks; block++, weights += NibbleBlock)
            {
                Factors(weights, steps, offsets);
                for (var token = 0; token < x.Tokens; token++)
                {
                    var first = (long)token * x.Blocks + block * 8;
                    var codes = x.Codes + first * 32;
                    float* scales = x.Scales + first, sums = x.Sums + first;
                    Vector256<float> a = default, b = default;
                    for (var pair = 0; pair < 4; pair++)
                    {
                        var packed = Vector256.Load(weights + 16 + 32 * pair);
                        a = Vector256.FusedMultiplyAdd(Part(packed & mask, codes + 64 * pair),
                            Vector256.Create(steps[2 * pair] * scales[2 * pair]), a);
                        b = Vector256.FusedMultiplyAdd(Part((packed.AsUInt16() >> 4).AsByte() & mask, codes + 64 * pair + 32),
                            Vector256.Create(steps[2 * pair + 1] * scales[2 * pair + 1]), b);
                    }
                    y[(long)token * stride + row] += Vector256.Sum(a + b - Vector256.Load(offsets) * Vector256.Load(sums));
                }
            }
        }
    }

    static Vector256<float> Part(Vector256<byte> nibbles, sbyte* codes) =>
        Vector256.ConvertToSingle(ByteKernels.Products(nibbles, Vector256.Load(codes)));

    internal static void Factors(byte* block, float* steps, float* offsets)
    {
        var (scale, minimum) = (HalfTable.Values[*(ushort*)block], HalfTable.Values[*(ushort*)(block + 2)]);
        var six = new ReadOnlySpan<byte>(block + 4, 12);
        for (var part = 0; part < 8; part++)
        {
            var (s, m) = Files.NibblesOf256.Factors(six, part);
            (steps[part], offsets[part]) = (scale * s, minimum * m);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixBitsOf256(byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var blocks = x.Width / Size;
        var table = HalfTable.Values;
        Vector256<byte> mask = Vector256.Create((byte)15), pair = Vector256.Create((byte)0x30), offset = Vector256.Create((byte)32);
        for (var row = 0; row < rows; row++)
        {
            for (var token = 0; token < x.Tokens; token++) y[(long)token * stride + row] = 0;
            for (var block = 0; block < blocks; block++, weights += SixBitBlock)
                for (var token = 0; token < x.Tokens; token++)
                {
                    var first = (long)token * x.Blocks + block * 8;
                    var codes = x.Codes + first * 32;
                    var scales = x.Scales + first;
                    Vector256<float> sum = default;
                    for (var half = 0; half < 2; half++, codes += 128, scales += 4)
                    {
                        Vector256<byte> low = Vector256.Load(weights + 64 * half), next = Vector256.Load(weights + 64 * half + 32);
                        var high = Vector256.Load(weights + 128 + 32 * half).AsUInt16();
                        var factors = (sbyte*)weights + 192 + 8 * half;
                        sum = Add(sum, (low & mask) | (high << 4).AsByte() & pair, codes, factors, scales[0]);
                        sum = Add(sum, (next & mask) | (high << 2).AsByte() & pair, codes + 32, factors + 2, scales[1]);
                        sum = Add(sum, ((low.AsUInt16() >> 4).AsByte() & mask) | high.AsByte() & pair, codes + 64, factors + 4, scales[2]);
                        sum = Add(sum, ((next.AsUInt16() >> 4).AsByte() & mask) | (high >> 2).AsByte() & pair, codes + 96, factors + 6,
                            scales[3]);
                    }
                    y[(long)token * stride + row] += table[*(ushort*)(weights + 208)] * Vector256.Sum(sum);
                }
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
