namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>
/// Misses of a cache that forgets what was used longest ago, for entries of one size asked for independently each round (Che, Tung and
/// Wang 2002): with the round count T for which Σ 1 - (1 - p)^T is the capacity, an entry is missing with chance (1 - p)^T.
/// </summary>
static class LruForecast
{
    const int Halvings = 80;
    const double LongestMemory = 1e9;

    /// <param name="chances">Chance of each entry to be asked for in a round.</param>
    /// <param name="capacity">Entries that fit.</param>
    /// <returns>Misses a round.</returns>
    public static double Misses(IReadOnlyList<double> chances, double capacity)
    {
        if (capacity <= 0) return chances.Sum();
        if (capacity >= chances.Count(chance => chance > 0)) return 0;
        var memory = Memory(chances, capacity);
        return chances.Sum(chance => chance * Math.Pow(1 - chance, memory));
    }

    static double Memory(IReadOnlyList<double> chances, double capacity)
    {
        var (low, high) = (0.0, LongestMemory);
        for (var step = 0; step < Halvings; step++)
        {
            var middle = step < Halvings / 2 ? Math.Sqrt(Math.Max(low, 1e-6) * high) : (low + high) / 2;
            if (chances.Sum(chance => 1 - Math.Pow(1 - chance, middle)) < capacity) low = middle;
            else high = middle;
        }
        return high;
    }
}
