using Suites.Clustering.Centers;

namespace Suites.Clustering.Splits;

/// <summary>
/// k-means that finds its number of clusters from below: each cluster is asked whether it is two, and all centres together are moved by
/// Lloyd's algorithm, until none is or there are enough.
/// </summary>
/// <param name="halves">Takes the points of a cluster; gives the centres of its two halves, or null where it is one cluster.</param>
sealed class GrowingCenters(PointTable points, Lloyd lloyd, Func<PointTable, PointTable?> halves)
{
    /// <summary>Every placement on the way, the last one last.</summary>
    /// <param name="most">Clusters at most: the first ones are split.</param>
    public IReadOnlyList<Placement> Run(PointTable start, int most)
    {
        List<Placement> placements = [lloyd.Run(start)];
        while (Grown(placements[^1], most) is { } centers && centers.Count > placements[^1].Centers.Count)
            placements.Add(lloyd.Run(centers));
        return placements;
    }

    PointTable Grown(Placement placement, int most)
    {
        var (centers, budget) = (new List<double>(), most - placement.Centers.Count);
        var members = Enumerable.Range(0, points.Count).ToLookup(point => placement.Assignment[point]);
        for (var cluster = 0; cluster < placement.Centers.Count; cluster++)
        {
            var split = budget > 0 && members[cluster].Any() ? halves(points.Of([.. members[cluster]])) : null;
            if (split is not null) budget--;
            centers.AddRange(split is not null ? split.Values : placement.Centers[cluster]);
        }
        return new([.. centers], centers.Count / points.Dimensions, points.Dimensions);
    }
}
