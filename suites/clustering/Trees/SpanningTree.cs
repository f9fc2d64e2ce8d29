using Suites.Clustering.Centers;

namespace Suites.Clustering.Trees;

/// <summary>
/// A minimum spanning tree over all pairs of points by Prim's algorithm (1957), O(points² dimensions) time and O(points) memory. Cutting
/// its longest edges is single linkage (Gower and Ross 1969).
/// </summary>
static class SpanningTree
{
    /// <param name="cores">
    /// Least length of every edge at a point, which makes it mutual reachability (Campello et al. 2013); null is 0.
    /// </param>
    public static Merge[] Of(PointTable points, double[]? cores, CancellationToken cancellation)
    {
        var merges = new Merge[points.Count - 1];
        // Points outside the tree, side by side, so that the search runs over a stretch of memory.
        var (outside, near, from) = (Enumerable.Range(1, merges.Length).ToArray(), new double[merges.Length], new int[merges.Length]);
        Array.Fill(near, double.PositiveInfinity);
        var last = 0;
        for (var left = merges.Length; left > 0; left--)
        {
            cancellation.ThrowIfCancellationRequested();
            var nearest = 0;
            for (var at = 0; at < left; at++)
            {
                var length = Nearest.Squared(points[last], points[outside[at]]);
                if (cores is not null) length = Math.Max(length, Math.Max(Square(cores[last]), Square(cores[outside[at]])));
                if (length < near[at]) (near[at], from[at]) = (length, last);
                // Of equally near ones the first point, wherever it lies in memory.
                if (near[at] < near[nearest] || (near[at] == near[nearest] && outside[at] < outside[nearest])) nearest = at;
            }
            last = outside[nearest];
            merges[merges.Length - left] = new(from[nearest], last, Math.Sqrt(near[nearest]));
            (outside[nearest], near[nearest], from[nearest]) = (outside[left - 1], near[left - 1], from[left - 1]);
        }
        return merges;
    }

    static double Square(double value) => value * value;
}
