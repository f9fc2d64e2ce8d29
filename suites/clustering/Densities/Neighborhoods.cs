using Suites.Clustering.Centers;

namespace Suites.Clustering.Densities;

/// <summary>
/// A k-d tree (Bentley 1975) over points: neighbours within a radius, and distances to the k-th neighbour, without looking at all points.
/// In many dimensions it looks at nearly all, as any such tree does.
/// </summary>
sealed class Neighborhoods
{
    const int LeafPoints = 16;

    readonly PointTable _points;
    // The points in the order of the leaves; a node is a stretch of it, halved at the middle.
    readonly int[] _order;
    readonly Dictionary<(int First, int End), (int Axis, double Value)> _splits = [];

    public Neighborhoods(PointTable points)
    {
        _points = points;
        _order = [.. Enumerable.Range(0, points.Count)];
        Split(0, points.Count);
    }

    /// <summary>Every point at most <paramref name="radius"/> away, itself too, in no order.</summary>
    public void Within(int point, double radius, List<int> found)
    {
        found.Clear();
        Within(_points[point], radius * radius, radius, 0, _order.Length, found);
    }

    /// <summary>The distance to the k-th nearest point; the point itself is its first.</summary>
    public double Distance(int point, int k)
    {
        var nearest = new PriorityQueue<int, double>();
        Nearer(_points[point], k, 0, _order.Length, nearest);
        nearest.TryPeek(out _, out var least);
        return Math.Sqrt(-least);
    }

    void Split(int first, int end)
    {
        if (end - first <= LeafPoints) return;
        var axis = WidestAxis(first, end);
        var middle = (first + end) / 2;
        var keys = new double[end - first];
        for (var at = first; at < end; at++) keys[at - first] = _points[_order[at]][axis];
        keys.AsSpan().Sort(_order.AsSpan(first, end - first));
        _splits[(first, end)] = (axis, _points[_order[middle]][axis]);
        Split(first, middle);
        Split(middle, end);
    }

    int WidestAxis(int first, int end)
    {
        var (widest, width) = (0, -1.0);
        for (var axis = 0; axis < _points.Dimensions; axis++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var at = first; at < end; at++)
            {
                var value = _points[_order[at]][axis];
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
            if (high - low > width) (widest, width) = (axis, high - low);
        }
        return widest;
    }

    void Within(ReadOnlySpan<double> point, double squared, double radius, int first, int end, List<int> found)
    {
        if (!_splits.TryGetValue((first, end), out var split))
        {
            foreach (var other in _order.AsSpan(first, end - first))
                if (Nearest.Squared(point, _points[other]) <= squared) found.Add(other);
            return;
        }
        var middle = (first + end) / 2;
        if (point[split.Axis] - radius <= split.Value) Within(point, squared, radius, first, middle, found);
        if (point[split.Axis] + radius >= split.Value) Within(point, squared, radius, middle, end, found);
    }

    // The queue holds the k nearest so far, the farthest of them first: priorities are negative squared distances.
    void Nearer(ReadOnlySpan<double> point, int k, int first, int end, PriorityQueue<int, double> nearest)
    {
        if (!_splits.TryGetValue((first, end), out var split))
        {
            foreach (var other in _order.AsSpan(first, end - first))
            {
                var squared = Nearest.Squared(point, _points[other]);
                if (nearest.Count < k) nearest.Enqueue(other, -squared);
                else nearest.EnqueueDequeue(other, -squared);
            }
            return;
        }
        var middle = (first + end) / 2;
        var away = point[split.Axis] - split.Value;
        if (away < 0) Nearer(point, k, first, middle, nearest);
        else Nearer(point, k, middle, end, nearest);
        if (nearest.Count == k && nearest.TryPeek(out _, out var least) && -least < away * away) return;
        if (away < 0) Nearer(point, k, middle, end, nearest);
        else Nearer(point, k, first, middle, nearest);
    }
}
