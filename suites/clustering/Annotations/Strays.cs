using Suites.Clustering.Centers;

namespace Suites.Clustering.Annotations;

/// <summary>What an annotator does with points of no cluster, as everybody has to be given to one.</summary>
static class Strays
{
    /// <summary>
    /// Noise (below 0), clusters of fewer points than <paramref name="smallest"/>, and all but the <paramref name="most"/> largest: each of
    /// their points joins the cluster of the nearest point that stays. Where none stays, all points are one cluster.
    /// </summary>
    /// <returns>Axis [point], clusters from 0 without gaps.</returns>
    public static int[] Joined(PointTable points, IReadOnlyList<int> labels, int smallest, int most)
    {
        int[] kept = [.. labels.Where(label => label >= 0).CountBy(label => label).Where(cluster => cluster.Value >= smallest)
            .OrderByDescending(cluster => cluster.Value).ThenBy(cluster => cluster.Key).Take(most).Select(cluster => cluster.Key)];
        if (kept.Length == 0) return new int[labels.Count];
        int[] staying = [.. Enumerable.Range(0, labels.Count).Where(at => kept.Contains(labels[at]))];
        var table = points.Of(staying);
        return [.. Enumerable.Range(0, labels.Count).Select(at => Array.IndexOf(kept,
            kept.Contains(labels[at]) ? labels[at] : labels[staying[Nearest.Of(table, points[at]).Center]]))];
    }
}
