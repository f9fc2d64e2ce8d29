using Suites.Clustering.Trees;

namespace Suites.Clustering.Densities;

/// <summary>
/// The hierarchy of single linkage without splits that only lose a few points (Campello, Moulavi, Zimek and Sander 2015): going down, a
/// cluster goes on until it falls into two that are both large enough.
/// </summary>
sealed class CondensedTree
{
    // Nodes of the dendrogram: points first, then merges from the lowest up.
    readonly (int Left, int Right, double Height)[] _merges;
    readonly int[] _sizes;
    readonly int _points;
    readonly List<Cluster> _clusters = [];
    // Which cluster a point falls out of.
    readonly int[] _last;

    sealed record Cluster(int Parent, double Birth)
    {
        public double Stability { get; set; }
        public List<int> Children { get; } = [];
    }

    public CondensedTree(IReadOnlyList<Merge> merges, int smallest)
    {
        _points = merges.Count + 1;
        _last = new int[_points];
        _sizes = new int[2 * _points - 1];
        _merges = Dendrogram(merges);
        _clusters.Add(new(-1, 0));
        Descend(smallest);
    }

    /// <summary>The cluster of each point, or -1 for noise; numbered by their first points.</summary>
    public int[] Labels(bool oneCluster)
    {
        var taken = Taken(oneCluster);
        var numbers = new Dictionary<int, int>();
        return [.. _last.Select(cluster =>
        {
            while (cluster >= 0 && !taken[cluster]) cluster = _clusters[cluster].Parent;
            if (cluster < 0) return -1;
            if (!numbers.TryGetValue(cluster, out var number)) numbers[cluster] = number = numbers.Count;
            return number;
        })];
    }

    (int, int, double)[] Dendrogram(IReadOnlyList<Merge> merges)
    {
        var (sets, nodes) = (new DisjointSets(_points), Enumerable.Range(0, _points).ToArray());
        Array.Fill(_sizes, 1, 0, _points);
        return [.. merges.OrderBy(merge => merge.Height).Select((merge, index) =>
        {
            var (left, right) = (nodes[sets.Find(merge.One)], nodes[sets.Find(merge.Other)]);
            sets.Join(merge.One, merge.Other);
            nodes[sets.Find(merge.One)] = _points + index;
            _sizes[_points + index] = _sizes[left] + _sizes[right];
            return (left, right, merge.Height);
        })];
    }

    void Descend(int smallest)
    {
        var waiting = new Stack<(int Node, int Cluster)>();
        waiting.Push((2 * _points - 2, 0));
        while (waiting.TryPop(out var entry))
        {
            if (entry.Node < _points)
            {
                // A point alone that is still in its cluster leaves it at the end of all densities.
                _last[entry.Node] = entry.Cluster;
                continue;
            }
            var (left, right, height) = _merges[entry.Node - _points];
            var density = 1 / height;
            var (leftStays, rightStays) = (_sizes[left] >= smallest, _sizes[right] >= smallest);
            if (leftStays && rightStays)
            {
                Leave(entry.Cluster, _sizes[left] + _sizes[right], density);
                waiting.Push((left, Child(entry.Cluster, density)));
                waiting.Push((right, Child(entry.Cluster, density)));
                continue;
            }
            foreach (var (node, stays) in new[] { (left, leftStays), (right, rightStays) })
                if (stays) waiting.Push((node, entry.Cluster));
                else Drop(node, entry.Cluster, density);
        }
    }

    int Child(int parent, double density)
    {
        _clusters.Add(new(parent, density));
        _clusters[parent].Children.Add(_clusters.Count - 1);
        return _clusters.Count - 1;
    }

    void Drop(int node, int cluster, double density)
    {
        Leave(cluster, _sizes[node], density);
        var waiting = new Stack<int>([node]);
        while (waiting.TryPop(out var next))
        {
            if (next < _points)
            {
                _last[next] = cluster;
                continue;
            }
            waiting.Push(_merges[next - _points].Left);
            waiting.Push(_merges[next - _points].Right);
        }
    }

    // Equal points are infinitely dense: such a cluster outlives every other.
    void Leave(int cluster, int points, double density)
    {
        var born = _clusters[cluster].Birth;
        _clusters[cluster].Stability += double.IsPositiveInfinity(born) ? 0 : points * (density - born);
    }

    // From the leaves up: a cluster is taken where it is at least as stable as all that was taken below it.
    bool[] Taken(bool oneCluster)
    {
        var (taken, below) = (new bool[_clusters.Count], new double[_clusters.Count]);
        for (var cluster = _clusters.Count - 1; cluster >= 0; cluster--)
        {
            var children = _clusters[cluster].Children.Sum(child => below[child]);
            taken[cluster] = (cluster > 0 || oneCluster) && _clusters[cluster].Stability >= children;
            below[cluster] = Math.Max(_clusters[cluster].Stability, children);
        }
        for (var cluster = 1; cluster < taken.Length; cluster++)
            for (var above = _clusters[cluster].Parent; taken[cluster] && above >= 0; above = _clusters[above].Parent)
                taken[cluster] = !taken[above];
        return taken;
    }
}
