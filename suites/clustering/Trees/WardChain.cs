using System.Numerics;

namespace Suites.Clustering.Trees;

/// <summary>
/// Ward's clustering (1963) by chains of nearest neighbours (Murtagh 1983): the two clusters whose union raises the sum of squares least
/// become one. The cost of a union follows from two means and sizes, so there is no matrix: O(points² dimensions) time, O(points) memory.
/// </summary>
sealed class WardChain
{
    readonly int _dimensions;
    readonly int _capacity;
    // Means of the clusters that are left, axes [dimension, slot], and of each slot its size and one of its points.
    readonly double[] _means;
    readonly double[] _sizes;
    readonly int[] _points;
    readonly double[] _costs;
    int _left;

    WardChain(PointTable points)
    {
        (_dimensions, _capacity, _left) = (points.Dimensions, points.Count, points.Count);
        _means = points.Axes();
        _sizes = [.. Enumerable.Repeat(1.0, points.Count)];
        _points = [.. Enumerable.Range(0, points.Count)];
        _costs = new double[points.Count];
    }

    public static Merge[] Of(PointTable points, CancellationToken cancellation)
    {
        points.RequireAtMost(SpanningTree.Most, "Ward's linkage looks at every pair", "Take fewer points, or family k-means.");
        var chain = new WardChain(points);
        var merges = new List<Merge>(points.Count - 1);
        var path = new List<int>();
        while (chain._left > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            if (path.Count == 0) path.Add(0);
            var last = path[^1];
            var before = path.Count > 1 ? path[^2] : -1;
            var (next, cost) = chain.NearestOf(last, before);
            if (next != before)
            {
                path.Add(next);
                continue;
            }
            path.RemoveRange(path.Count - 2, 2);
            // Twice the rise of the sum of squares, as a distance.
            merges.Add(new(chain._points[last], chain._points[next], Math.Sqrt(2 * cost)));
            chain.Join(last, next, path);
        }
        return [.. merges];
    }

    // The one before wins against equals, so that chains end.
    (int Slot, double Cost) NearestOf(int slot, int before)
    {
        Costs(slot);
        _costs[slot] = double.PositiveInfinity;
        var (best, least) = before >= 0 ? (before, _costs[before]) : (slot == 0 ? 1 : 0, _costs[slot == 0 ? 1 : 0]);
        for (var other = 0; other < _left; other++)
            if (_costs[other] < least) (best, least) = (other, _costs[other]);
        return (best, least);
    }

    // |A| |B| / (|A| + |B|) times the squared distance of the means.
    void Costs(int slot)
    {
        var costs = _costs.AsSpan(0, _left);
        costs.Clear();
        for (var axis = 0; axis < _dimensions; axis++)
        {
            var means = _means.AsSpan(axis * _capacity, _left);
            var mine = new Vector<double>(means[slot]);
            var at = 0;
            for (; at + Vector<double>.Count <= _left; at += Vector<double>.Count)
            {
                var difference = new Vector<double>(means[at..]) - mine;
                Vector.FusedMultiplyAdd(difference, difference, new Vector<double>(costs[at..])).CopyTo(costs[at..]);
            }
            for (; at < _left; at++) costs[at] = Math.FusedMultiplyAdd(means[at] - means[slot], means[at] - means[slot], costs[at]);
        }
        var size = _sizes[slot];
        for (var at = 0; at < _left; at++) costs[at] *= size * _sizes[at] / (size + _sizes[at]);
    }

    // The union stays in one slot, and the last slot moves to the other, in the chain too.
    void Join(int one, int other, List<int> path)
    {
        var (keep, free) = one < other ? (one, other) : (other, one);
        var size = _sizes[keep] + _sizes[free];
        for (var axis = 0; axis < _dimensions; axis++)
        {
            var means = _means.AsSpan(axis * _capacity, _left);
            means[keep] = (_sizes[keep] * means[keep] + _sizes[free] * means[free]) / size;
            means[free] = means[_left - 1];
        }
        (_sizes[keep], _sizes[free], _points[free]) = (size, _sizes[_left - 1], _points[_left - 1]);
        for (var at = 0; at < path.Count; at++)
            if (path[at] == _left - 1) path[at] = free;
        _left--;
    }
}
