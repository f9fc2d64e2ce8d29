namespace Harness.Datasets;

/// <summary>
/// A stream of draws that is the same on every platform and runtime: SplitMix64 (Steele, Lea and Flood 2014). Only the last bit of
/// <see cref="Normal"/> depends on the platform's logarithm and cosine.
/// </summary>
public sealed class Chance(ulong seed)
{
    ulong _state = seed;

    /// <summary>The stream of a part of a generated set: seed 1 for training, 2 for validation, 3 for test.</summary>
    public static Chance Of(Split split) => new(split switch { Split.Train => 1UL, Split.Validation => 2, _ => 3 });

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in 0..<paramref name="limit"/>-1: the high word of a 128-bit product, whose bias is below 2^-32.</summary>
    public int Below(int limit) => (int)(((UInt128)Next() * (uint)limit) >> 64);

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal by Box and Muller's transform (1958), one of each pair.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
