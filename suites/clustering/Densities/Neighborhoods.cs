namespace Suites.Clustering.Densities;

/// <summary>
/// A k-d tree (Bentley 1975) over points: neighbours within a radius, and distances to the k-th neighbour, without looking at all points.
/// In many dimensions it looks at nearly all, as any such tree does.
/// </summary>
sealed class Neighborhoods
{
    const int LeafPoints = 16;

    static readonly Comparer<(double, int)> FarthestFirst = Comparer<(double, int)>.Create(static (one, other) => other.CompareTo(one));

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
    public void Within(int point, double radius, List<int> found) => Within(_points[point], radius, found);

    /// <summary>Every point at most <paramref name="radius"/> away from a place, in no order.</summary>
    public void Within(ReadOnlySpan<double> place, double radius, List<int> found)
    {
        found.Clear();
        Within(place, radius * radius, radius, 0, _order.Length, found);
    }

    /// <summary>The distance to the k-th nearest point; the point itself is its first.</summary>
    public double Distance(int point, int k)
    {
        var nearest = Nearest(_points[point], k);
        nearest.TryPeek(out _, out var farthest);
        return Math.Sqrt(farthest.Squared);
    }

    /// <summary>The k nearest points, the point itself among them, in no order; of equally near ones the first.</summary>
    public int[] NearestTo(int point, int k)
    {
        int[] found = [.. Nearest(_points[point], k).UnorderedItems.Select(item => item.Element)];
        // More than k equal points: it is one of its own nearest all the same.
        if (!found.Contains(point)) found[0] = point;
        return found;
    }

    PriorityQueue<int, (double Squared, int Point)> Nearest(ReadOnlySpan<double> place, int k)
    {
        var nearest = new PriorityQueue<int, (double Squared, int Point)>(k + 1, FarthestFirst);
        Nearer(place, k, 0, _order.Length, nearest);
        return nearest;
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
                if (Centers.Nearest.Squared(point, _points[other]) <= squared) found.Add(other);
            return;
        }
        var middle = (first + end) / 2;
        if (point[split.Axis] - radius <= split.Value) Within(point, squared, radius, first, middle, found);
        if (point[split.Axis] + radius >= split.Value) Within(point, squared, radius, middle, end, found);
    }

    // The queue holds the k nearest so far, the farthest of them first.
    void Nearer(ReadOnlySpan<double> point, int k, int first, int end, PriorityQueue<int, (double Squared, int Point)> nearest)
    {
        if (!_splits.TryGetValue((first, end), out var split))
        {
            foreach (var other in _order.AsSpan(first, end - first))
            {
                var squared = Centers.Nearest.Squared(point, _points[other]);
                if (nearest.Count < k) nearest.Enqueue(other, (squared, other));
                else nearest.EnqueueDequeue(other, (squared, other));
            }
            return;
        }
        var middle = (first + end) / 2;
        var away = point[split.Axis] - split.Value;
        if (away < 0) Nearer(point, k, first, middle, nearest);
        else Nearer(point, k, middle, end, nearest);
        if (nearest.Count == k && nearest.TryPeek(out _, out var farthest) && farthest.Squared < away * away) return;
        if (away < 0) Nearer(point, k, middle, end, nearest);
        else Nearer(point, k, first, middle, nearest);
    }
}
