namespace Suites.Clustering.Trees;

/// <summary>Two points whose clusters become one, and at what distance.</summary>
sealed record Merge(int One, int Other, double Height);

/// <summary>Clusters as a forest of points, each pointing to one of its own (Tarjan 1975).</summary>
sealed class DisjointSets(int count)
{
    readonly int[] _parents = [.. Enumerable.Range(0, count)];

    public int Find(int point)
    {
        while (_parents[point] != point) point = _parents[point] = _parents[_parents[point]];
        return point;
    }

    /// <summary>False where they are together already.</summary>
    public bool Join(int one, int other)
    {
        var (first, second) = (Find(one), Find(other));
        _parents[second] = first;
        return first != second;
    }

    /// <summary>Clusters numbered by their first point.</summary>
    public int[] Labels()
    {
        var numbers = new Dictionary<int, int>();
        var labels = new int[_parents.Length];
        for (var point = 0; point < labels.Length; point++)
        {
            var root = Find(point);
            if (!numbers.TryGetValue(root, out var number)) numbers[root] = number = numbers.Count;
            labels[point] = number;
        }
        return labels;
    }
}

/// <summary>What is done with the merges of all points into one cluster.</summary>
static class Dendrogram
{
    /// <summary>The clusters that are there before the last <paramref name="clusters"/> - 1 merges.</summary>
    /// <param name="merges">One less than points, in any order; equal heights keep theirs.</param>
    public static int[] Cut(IReadOnlyList<Merge> merges, int clusters)
    {
        var sets = new DisjointSets(merges.Count + 1);
        foreach (var merge in merges.OrderBy(merge => merge.Height).Take(merges.Count + 1 - clusters)) sets.Join(merge.One, merge.Other);
        return sets.Labels();
    }
}
