namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>
/// Chooses the weights of a block: of the pruned ones those of highest score, of the kept ones those of lowest, leaving out what is fixed
/// and what the last blocks of the layer had. Either sort has a list of its own of what it had, so that the few kept weights of a sparse
/// layer are not used up. A weight changes its list with its state.
/// </summary>
sealed class BlockChoice(BlockPruning settings)
{
    readonly Dictionary<(PrunedLayer, bool), Recent> _recent = [];

    /// <param name="scores">One a weight of the layer.</param>
    /// <returns>Ascending places; fewer than a block where there are not enough of either sort.</returns>
    public int[] Choose(PrunedLayer layer, IReadOnlyList<float> scores)
    {
        var pruned = Math.Clamp((int)Math.Round(settings.PrunedShare * settings.Block), 1, settings.Block - 1);
        int[] chosen =
        [
            .. Take(layer, pruned: true, pruned, index => -scores[index], settings.FixedPruned),
            .. Take(layer, pruned: false, settings.Block - pruned, index => scores[index], settings.FixedKept),
        ];
        Array.Sort(chosen);
        return chosen;
    }

    IEnumerable<int> Take(PrunedLayer layer, bool pruned, int count, Func<int, float> key, double fixedShare)
    {
        int[] sorted = [.. Enumerable.Range(0, layer.Values.Length).Where(index => layer.Pruned[index] == pruned)];
        var keys = Array.ConvertAll(sorted, index => key(index));
        Array.Sort(keys, sorted);
        var candidates = sorted.AsSpan(0, sorted.Length - (int)(fixedShare * sorted.Length));
        if (!_recent.TryGetValue((layer, pruned), out var recent)) _recent[(layer, pruned)] = recent = new();
        recent.Shrink((int)(settings.Tabu * candidates.Length));
        var chosen = new List<int>(count);
        foreach (var index in candidates)
        {
            if (chosen.Count == count) break;
            if (!recent.Contains(index)) chosen.Add(index);
        }
        recent.Add(chosen);
        return chosen;
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
