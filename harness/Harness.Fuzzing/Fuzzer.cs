using System.Diagnostics;
using Harness.Datasets;

namespace Harness.Fuzzing;

/// <summary>What became of one damaged content.</summary>
/// <param name="Error">Null where the reader accepted it.</param>
/// <param name="Bytes">Managed memory that reading it allocated, freed again or not.</param>
public sealed record Attempt(int Index, Exception? Error, TimeSpan Time, long Bytes);

/// <summary>Gives damaged contents to readers. Each is made from the reader's name, a seed and its own number alone.</summary>
public static class Fuzzer
{
    /// <summary>More than any content of these sizes needs; an attempt that allocates more trusted a forged length.</summary>
    public const long MostBytes = 64 << 20;

    /// <param name="first">Number of the first content; to repeat one, give its number.</param>
    public static IEnumerable<Attempt> Run(FuzzedReader reader, ulong seed, int first, int count) =>
        Enumerable.Range(first, count).Select(index => Try(reader, Content(reader, seed, index), index));

    static byte[] Content(FuzzedReader reader, ulong seed, int index)
    {
        var name = reader.Name.Aggregate(14_695_981_039_346_656_037UL, (hash, letter) => (hash ^ letter) * 1_099_511_628_211UL); // FNV-1a
        return Mutation.Of(reader.Seeds, new Chance(new Chance(name + seed).Next() + (ulong)index));
    }

    static Attempt Try(FuzzedReader reader, byte[] content, int index)
    {
        var (began, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        Exception? error = null;
        try
        {
            reader.Read(content);
        }
        catch (Exception thrown)
        {
            error = thrown; // what a reader may throw is what is asked here
        }
        return new(index, error, Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
