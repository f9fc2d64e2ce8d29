using System.Runtime.Intrinsics;
using Suites.LlmEdge.Kernels;

namespace Harness.Benchmarks.Language;

/// <summary>Reads every byte of a matrix once and does as little with it as can be: the most that memory gives.</summary>
sealed unsafe class Reader(Matrix matrix) : IShared
{
    const int RowsPerPart = 256;

    readonly Vector256<int>[] seen = new Vector256<int>[256];

    public int Parts => (matrix.Rows + RowsPerPart - 1) / RowsPerPart;

    public void Run(int part, int worker)
    {
        var from = matrix.Pointer + (long)part * RowsPerPart * matrix.RowBytes;
        var to = matrix.Pointer + Math.Min(matrix.Rows, (part + 1L) * RowsPerPart) * matrix.RowBytes;
        Vector256<int> a = default, b = default, c = default, d = default;
        for (; from + 128 <= to; from += 128)
        {
            a ^= Vector256.Load((int*)from);
            b ^= Vector256.Load((int*)(from + 32));
            c ^= Vector256.Load((int*)(from + 64));
            d ^= Vector256.Load((int*)(from + 96));
        }
        seen[worker] ^= a ^ b ^ c ^ d;
    }
}
