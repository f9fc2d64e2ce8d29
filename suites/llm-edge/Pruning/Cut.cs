namespace Suites.LlmEdge.Pruning;

/// <summary>Masks that prune the lowest scores; of equal ones the first.</summary>
static class Cut
{
    /// <summary>How many of <paramref name="count"/> weights stay at a density, 0 to 1.</summary>
    public static int KeptOf(int count, double density) => (int)Math.Round(density * count, MidpointRounding.AwayFromZero);

    /// <summary>Of each run of <paramref name="group"/> scores the lowest are pruned: of a row, a layer, or all.</summary>
    /// <returns>True where a weight is pruned.</returns>
    public static bool[] Lowest(ReadOnlySpan<float> scores, int group, double density)
    {
        var pruned = new bool[scores.Length];
        for (var start = 0; start < scores.Length; start += group)
            Mark(scores.Slice(start, group), group - KeptOf(group, density), pruned.AsSpan(start, group));
        return pruned;
    }

    static void Mark(ReadOnlySpan<float> scores, int count, Span<bool> pruned)
    {
        var (keys, order) = (new (float, int)[scores.Length], new int[scores.Length]);
        for (var index = 0; index < scores.Length; index++) (keys[index], order[index]) = ((scores[index], index), index);
        Array.Sort(keys, order);
        foreach (var index in order.AsSpan(0, count)) pruned[index] = true;
    }
}
