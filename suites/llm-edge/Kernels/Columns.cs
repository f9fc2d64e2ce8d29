using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>Sums of packed rows.</summary>
static unsafe class Columns
{
    const int ByteBlock = 34;
    const int Block = 32;

    /// <summary>to += factor · row</summary>
    /// <param name="scratch">As long as <paramref name="to"/>; written where the packing has no kernel.</param>
    public static void AddScaled(Packing packing, Span<float> to, float factor, byte* row, float[] scratch)
    {
        if (packing == Packing.Q80)
        {
            fixed (float* sums = to) AddBytes(sums, to.Length / Block, factor, row);
            return;
        }
        packing.Unpack(new(row, checked((int)packing.RowBytes(to.Length))), scratch);
        Vectors.AddScaled(to, factor, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddBytes(float* to, int blocks, float factor, byte* row)
    {
        var table = HalfTable.Values;
        for (var block = 0; block < blocks; block++, row += ByteBlock, to += Block)
        {
            var scale = Vector256.Create(factor * table[*(ushort*)row]);
            for (var i = 0; i < Block; i += 8)
                (Vector256.Load(to + i) + scale * Vector256.ConvertToSingle(Codes((sbyte*)row + 2 + i))).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Codes(sbyte* from)
    {
        if (Avx2.IsSupported) return Avx2.ConvertToVector256Int32(from);
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words));
    }
}
