using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Harness.Statistics;

/// <summary>
/// The generator of every draw in this project: xoshiro256** 1.0 (Blackman and Vigna 2018), seeded by SplitMix64, so that a
/// published interval can be recomputed by any program on any runtime.
/// </summary>
public sealed class Chance
{
    ulong _a, _b, _c, _d;

    public Chance(ulong seed)
    {
        _a = Split(ref seed);
        _b = Split(ref seed);
        _c = Split(ref seed);
        _d = Split(ref seed);
    }

    /// <summary>A generator that a text decides, e.g. run hashes: the first eight bytes of its SHA-256, big-endian, are the seed.</summary>
    public static Chance From(string key) => new(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    public ulong Next() => Step(ref _a, ref _b, ref _c, ref _d);

    /// <summary>Uniform integer in 0 … count − 1 without bias: the high word of a 64-bit product, redrawn as Lemire (2019) says.</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bound = (ulong)count;
        var high = Math.BigMul(Next(), bound, out var low);
        if (low >= bound) return (int)high;
        var threshold = (0 - bound) % bound;
        while (low < threshold) high = Math.BigMul(Next(), bound, out low);
        return (int)high;
    }

    /// <summary>The sum of as many values as there are, drawn with repetition, as by <see cref="Below"/> for each.</summary>
    internal double SumOfDraws(ReadOnlySpan<double> values)
    {
        // In registers: a bootstrap of accuracies does nothing else.
        var (a, b, c, d) = (_a, _b, _c, _d);
        var bound = (ulong)values.Length;
        var threshold = (0 - bound) % bound;
        var sum = 0.0;
        for (var draw = 0; draw < values.Length; draw++)
        {
            var high = Math.BigMul(Step(ref a, ref b, ref c, ref d), bound, out var low);
            while (low < threshold) high = Math.BigMul(Step(ref a, ref b, ref c, ref d), bound, out low);
            sum += values[(int)high];
        }
        (_a, _b, _c, _d) = (a, b, c, d);
        return sum;
    }

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fisher and Yates's shuffle, from the last place down.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Step(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        var result = BitOperations.RotateLeft(b * 5, 7) * 9;
        var t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }

    static ulong Split(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
