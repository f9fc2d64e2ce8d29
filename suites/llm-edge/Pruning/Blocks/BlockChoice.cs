namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>
/// Chooses the weights of a block: of the pruned ones those of highest score, of the kept ones those of lowest, leaving out what is fixed
/// and what the last blocks of the layer had, whether it is pruned or kept by now. What was taken as pruned and as kept is remembered in
/// two lists, each of a share of its own candidates, so that the few kept weights of a sparse layer are not used up.
/// </summary>
sealed class BlockChoice(BlockPruning settings)
{
    readonly Dictionary<PrunedLayer, (Recent Pruned, Recent Kept)> _recent = [];

    /// <param name="scores">One a weight of the layer.</param>
    /// <returns>Ascending places; fewer than a block where there are not enough of either sort.</returns>
    public int[] Choose(PrunedLayer layer, IReadOnlyList<float> scores)
    {
        if (!_recent.TryGetValue(layer, out var recent)) _recent[layer] = recent = (new(), new());
        var pruned = Math.Clamp((int)Math.Round(settings.PrunedShare * settings.Block), 1, settings.Block - 1);
        var (worst, best) = (Candidates(layer, pruned: true, index => -scores[index], settings.FixedPruned),
            Candidates(layer, pruned: false, index => scores[index], settings.FixedKept));
        recent.Pruned.Shrink((int)(settings.Tabu * worst.Length));
        recent.Kept.Shrink((int)(settings.Tabu * best.Length));
        bool Free(int index) => !recent.Pruned.Contains(index) && !recent.Kept.Contains(index);
        int[] first = [.. worst.Where(Free).Take(pruned)], second = [.. best.Where(Free).Take(settings.Block - pruned)];
        recent.Pruned.Add(first);
        recent.Kept.Add(second);
        int[] chosen = [.. first, .. second];
        Array.Sort(chosen);
        return chosen;
    }

    // Ascending by key, without the last ones, which are fixed.
    static int[] Candidates(PrunedLayer layer, bool pruned, Func<int, float> key, double fixedShare)
    {
        int[] sorted = [.. Enumerable.Range(0, layer.Values.Length).Where(index => layer.Pruned[index] == pruned)];
        var keys = Array.ConvertAll(sorted, index => key(index));
        Array.Sort(keys, sorted);
        return sorted[..^(int)(fixedShare * sorted.Length)];
    }

    sealed class Recent
    {
        readonly Queue<int> _order = new();
        readonly HashSet<int> _members = [];

        public bool Contains(int index) => _members.Contains(index);

        public void Add(IEnumerable<int> indices)
        {
            foreach (var index in indices) if (_members.Add(index)) _order.Enqueue(index);
        }

        public void Shrink(int most)
        {
            while (_order.Count > most) _members.Remove(_order.Dequeue());
        }
    }
}
