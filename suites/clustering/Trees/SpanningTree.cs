using System.Numerics;

namespace Suites.Clustering.Trees;

/// <summary>
/// A minimum spanning tree over all pairs of points by Prim's algorithm (1957), O(points² dimensions) time and O(points) memory. Cutting
/// its longest edges is single linkage (Gower and Ross 1969).
/// </summary>
sealed class SpanningTree
{
    /// <summary>Points whose pairs can still be looked at within minutes.</summary>
    public const int Most = 300_000;

    // Distances of so many points stay in the nearest cache while axis after axis is added.
    const int Stretch = 1024;

    readonly int _dimensions;
    readonly int _capacity;
    // Points outside the tree in slots side by side: coordinates [dimension, slot], which point it is, squares of the nearest distance to
    // the tree and of the core distance, and from which point of the tree, whose number is a float so that it is chosen as a vector.
    readonly double[] _axes;
    readonly int[] _points;
    readonly double[] _near;
    readonly double[]? _cores;
    readonly double[] _from;
    int _left;

    SpanningTree(PointTable points, double[]? cores)
    {
        (_dimensions, _capacity, _left) = (points.Dimensions, points.Count, points.Count);
        _axes = points.Axes();
        _points = [.. Enumerable.Range(0, points.Count)];
        (_near, _from) = (new double[points.Count], new double[points.Count]);
        Array.Fill(_near, double.PositiveInfinity);
        _cores = cores?.Select(core => core * core).ToArray();
    }

    /// <param name="cores">
    /// Least length of every edge at a point, which makes it mutual reachability (Campello et al. 2013); null is 0.
    /// </param>
    /// <exception cref="TrainingFailedException">There are too many points.</exception>
    public static Merge[] Of(PointTable points, double[]? cores, CancellationToken cancellation)
    {
        points.RequireAtMost(Most, "A spanning tree looks at every pair", "Take fewer points, or family k-means.");
        var tree = new SpanningTree(points, cores);
        var merges = new Merge[points.Count - 1];
        var (last, coordinates) = (0, points[0].ToArray());
        var core = tree.Take(0);
        for (var at = 0; at < merges.Length; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            var slot = tree.NearestAfter(last, coordinates, core);
            last = tree._points[slot];
            merges[at] = new((int)tree._from[slot], last, Math.Sqrt(tree._near[slot]));
            points[last].CopyTo(coordinates);
            core = tree.Take(slot);
        }
        return merges;
    }

    // The last slot moves to the one that is taken. Returns the square of the core distance.
    double Take(int slot)
    {
        var core = _cores?[slot] ?? 0;
        _left--;
        (_points[slot], _near[slot], _from[slot]) = (_points[_left], _near[_left], _from[_left]);
        if (_cores is not null) _cores[slot] = _cores[_left];
        for (var axis = 0; axis < _dimensions; axis++) _axes[axis * _capacity + slot] = _axes[axis * _capacity + _left];
        return core;
    }

    // Of equally near ones the first point, in whatever slot it is.
    int NearestAfter(int last, double[] coordinates, double core)
    {
        Span<double> lengths = stackalloc double[Stretch];
        var least = double.PositiveInfinity;
        for (var first = 0; first < _left; first += Stretch)
        {
            var part = lengths[..Math.Min(Stretch, _left - first)];
            Lengths(part, first, coordinates, core);
            least = Math.Min(least, Approach(part, first, last));
        }
        var best = -1;
        for (var slot = 0; slot < _left; slot++)
            if (_near[slot] == least && (best < 0 || _points[slot] < _points[best])) best = slot;
        return best;
    }

    // Squared lengths of the edges between a point and those of a stretch.
    void Lengths(Span<double> lengths, int first, double[] coordinates, double core)
    {
        lengths.Clear();
        for (var axis = 0; axis < _dimensions; axis++)
        {
            var values = _axes.AsSpan(axis * _capacity + first, lengths.Length);
            var mine = coordinates[axis];
            var at = 0;
            for (var vector = new Vector<double>(mine); at + Vector<double>.Count <= lengths.Length; at += Vector<double>.Count)
            {
                var difference = new Vector<double>(values[at..]) - vector;
                Vector.FusedMultiplyAdd(difference, difference, new(lengths[at..])).CopyTo(lengths[at..]);
            }
            for (; at < lengths.Length; at++)
                lengths[at] = Math.FusedMultiplyAdd(values[at] - mine, values[at] - mine, lengths[at]);
        }
        if (_cores is null) return;
        for (var at = 0; at < lengths.Length; at++) lengths[at] = Math.Max(lengths[at], Math.Max(core, _cores[first + at]));
    }

    // What is nearer now than before; returns the least of all distances in the stretch.
    double Approach(ReadOnlySpan<double> lengths, int first, int last)
    {
        var near = _near.AsSpan(first, lengths.Length);
        var from = _from.AsSpan(first, lengths.Length);
        var (at, least) = (0, new Vector<double>(double.PositiveInfinity));
        for (var vector = new Vector<double>((double)last); at + Vector<double>.Count <= lengths.Length; at += Vector<double>.Count)
        {
            var (length, before) = (new Vector<double>(lengths[at..]), new Vector<double>(near[at..]));
            var isNearer = Vector.LessThan(length, before);
            var after = Vector.ConditionalSelect(isNearer, length, before);
            after.CopyTo(near[at..]);
            Vector.ConditionalSelect(isNearer, vector, new(from[at..])).CopyTo(from[at..]);
            least = Vector.Min(least, after);
        }
        var smallest = double.PositiveInfinity;
        for (var lane = 0; lane < Vector<double>.Count; lane++) smallest = Math.Min(smallest, least[lane]);
        for (; at < lengths.Length; at++)
        {
            if (lengths[at] < near[at]) (near[at], from[at]) = (lengths[at], last);
            smallest = Math.Min(smallest, near[at]);
        }
        return smallest;
    }
}
