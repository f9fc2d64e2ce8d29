namespace Harness.Torch;

/// <summary>A pseudo-random stream (SplitMix64, Steele et al. 2014) whose draws are the same on every platform and runtime.</summary>
public sealed class SampleOrder(long seed)
{
    ulong state = unchecked((ulong)seed);

    /// <summary>Where the stream stands: set it, and the same draws come again.</summary>
    public ulong State
    {
        get => state;
        set => state = value;
    }

    /// <summary>A stream that belongs to a sample, whatever batch it comes in: FNV-1a of its content begins it.</summary>
    public static SampleOrder Of(ReadOnlySpan<byte> content, long seed)
    {
        var hash = unchecked(14_695_981_039_346_656_037UL + (ulong)seed);
        foreach (var value in content) hash = unchecked((hash ^ value) * 1_099_511_628_211UL);
        return new(unchecked((long)hash));
    }

    /// <summary>A uniform 64-bit draw.</summary>
    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A uniform integer in [0, <paramref name="limit"/>), without modulo bias.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return (int)(((UInt128)Next() * (ulong)limit) >> 64);
    }

    /// <summary>A uniform number in [0, 1) of 53 bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A permutation of 0..<paramref name="count"/>-1 (Fisher-Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var index = count - 1; index > 0; index--)
        {
            var other = Below(index + 1);
            (order[index], order[other]) = (order[other], order[index]);
        }
        return order;
    }
}
