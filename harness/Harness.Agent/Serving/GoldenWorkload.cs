using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>
/// A computation with one right answer on every machine: whole numbers, and products and sums of doubles, which IEEE 754 rounds the same
/// everywhere. A device that gives another answer computes wrong; one that takes longer than it used to is not what it was.
/// </summary>
public static class GoldenWorkload
{
    const int Rounds = 2_000_000;

    /// <summary>SHA-256 of the right answer.</summary>
    public const string Expected = "c95fedaa6a93a850a1fd1bf76e35bd5586536c625e4657d955ee53697ef30a5c";

    public static HealthReport Run(TimeProvider time)
    {
        var start = time.GetTimestamp();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Compute()));
        var took = time.GetElapsedTime(start).TotalSeconds;
        return hash == Expected ? new(true, hash, took, null, time.GetUtcNow())
            : new(false, hash, took, $"the golden workload gave {hash[..16]}, right is {Expected[..16]}: this device computes wrong",
                time.GetUtcNow());
    }

    static byte[] Compute()
    {
        var answer = new byte[16];
        var state = 0x9E3779B97F4A7C15UL;
        var (value, sum) = (0.3, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Two statements, so that no compiler may fuse the product and the sum into one rounding.
            var product = value * (1 - value);
            value = 3.99 * product;
            sum += value;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(answer, state);
        BinaryPrimitives.WriteDoubleLittleEndian(answer.AsSpan(8), sum);
        return answer;
    }
}
