using Suites.Clustering.Centers;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>
/// How the points of one level of a set become the fewer points of the next (Qi, Yi, Su and Guibas: PointNet++, NIPS 2017): centres by
/// farthest point sampling, what lies around each of them, and for the way back the three nearest centres of each point.
/// </summary>
/// <param name="Centers">Axis [centre]: a point.</param>
/// <param name="Groups">Axes [centre, 16]: points within the radius, of more than 16 every so manyth by distance; of fewer, the centre
/// again.</param>
/// <param name="Near">Axes [point, 3]: centres, nearest first; where there are fewer, the nearest again.</param>
/// <param name="Shares">Axes [point, 3]: inverse squared distances, of sum 1 for each point.</param>
sealed record PointGrouping(int[] Centers, int[] Groups, int[] Near, float[] Shares)
{
    public const int Members = 16, Neighbors = 3;

    const double Touching = 1e-8;

    /// <param name="points">At least one; of equally far or near ones the first counts.</param>
    /// <param name="centers">At most so many: different points only.</param>
    public static PointGrouping Of(PointTable points, int centers, double radius)
    {
        var chosen = Farthest(points, centers);
        var (near, shares) = (new int[points.Count * Neighbors], new float[points.Count * Neighbors]);
        var table = points.Of(chosen);
        for (var point = 0; point < points.Count; point++)
            Nearby(table, points[point], near.AsSpan(point * Neighbors, Neighbors), shares.AsSpan(point * Neighbors, Neighbors));
        return new(chosen, [.. chosen.SelectMany(center => Around(points, center, radius))], near, shares);
    }

    // From the first point on, the one farthest from all that were chosen.
    static int[] Farthest(PointTable points, int most)
    {
        var (chosen, distances) = (new List<int> { 0 }, new double[points.Count]);
        Array.Fill(distances, double.PositiveInfinity);
        while (chosen.Count < most)
        {
            var farthest = 0;
            for (var point = 0; point < points.Count; point++)
            {
                distances[point] = Math.Min(distances[point], Nearest.Squared(points[point], points[chosen[^1]]));
                if (distances[point] > distances[farthest]) farthest = point;
            }
            if (distances[farthest] == 0) break;
            chosen.Add(farthest);
        }
        return [.. chosen];
    }

    static IEnumerable<int> Around(PointTable points, int center, double radius)
    {
        var distances = new double[points.Count];
        for (var point = 0; point < points.Count; point++) distances[point] = Nearest.Squared(points[point], points[center]);
        int[] within = [.. Enumerable.Range(0, points.Count).Where(point => distances[point] <= radius * radius)
            .OrderBy(point => distances[point])];
        return Enumerable.Range(0, Members).Select(member => within.Length > Members ? within[member * within.Length / Members]
            : member < within.Length ? within[member] : center);
    }

    static void Nearby(PointTable centers, ReadOnlySpan<double> point, Span<int> near, Span<float> shares)
    {
        Span<double> least = stackalloc double[Neighbors];
        least.Fill(double.PositiveInfinity);
        for (var center = 0; center < centers.Count; center++)
        {
            var (squared, at) = (Nearest.Squared(centers[center], point), Neighbors);
            for (; at > 0 && squared < least[at - 1]; at--)
                if (at < Neighbors) (least[at], near[at]) = (least[at - 1], near[at - 1]);
            if (at < Neighbors) (least[at], near[at]) = (squared, center);
        }
        var sum = 0.0;
        foreach (var squared in least) sum += 1 / (squared + Touching);
        // A centre that is not there is infinitely far.
        for (var at = 0; at < Neighbors; at++)
        {
            shares[at] = (float)(1 / (least[at] + Touching) / sum);
            if (double.IsInfinity(least[at])) near[at] = near[0];
        }
    }
}
