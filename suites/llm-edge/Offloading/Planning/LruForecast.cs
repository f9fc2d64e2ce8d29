using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>Something that is asked for in a round with a chance, and takes so many bytes.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct AskedEntry(double Chance, long Bytes);

/// <summary>
/// Misses of a cache that forgets what was used longest ago, for entries asked for independently each round (Che, Tung and Wang 2002):
/// with the number of rounds T for which the sum of bytes · (1 - (1 - p)^T) is the capacity, an entry is missing with chance (1 - p)^T.
/// </summary>
static class LruForecast
{
    const int Halvings = 80;
    const double LongestMemory = 1e9;

    /// <param name="capacity">Bytes that fit.</param>
    /// <returns>Expected misses a round, by entry.</returns>
    public static double[] Misses(IReadOnlyList<AskedEntry> entries, long capacity)
    {
        if (capacity <= 0) return [.. entries.Select(entry => entry.Chance)];
        if (capacity >= entries.Where(entry => entry.Chance > 0).Sum(entry => entry.Bytes)) return new double[entries.Count];
        var memory = Memory(entries, capacity);
        return [.. entries.Select(entry => entry.Chance * Math.Pow(1 - entry.Chance, memory))];
    }

    // Halves the logarithm first, as T may be of any order.
    static double Memory(IReadOnlyList<AskedEntry> entries, long capacity)
    {
        var (low, high) = (0.0, LongestMemory);
        for (var step = 0; step < Halvings; step++)
        {
            var middle = step < Halvings / 2 ? Math.Sqrt(Math.Max(low, 1e-6) * high) : (low + high) / 2;
            if (entries.Sum(entry => entry.Bytes * (1 - Math.Pow(1 - entry.Chance, middle))) < capacity) low = middle;
            else high = middle;
        }
        return high;
    }
}
