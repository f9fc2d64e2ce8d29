using Harness.Datasets;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Densities;
using Suites.Clustering.Families;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Annotations;

/// <summary>Clusters of a plot as a simulated annotator gives them.</summary>
static class Annotator
{
    public const int MostClusters = 10;

    const int MostComponents = 8;
    const double Common = 0.9;

    /// <param name="points">In a unit in which their variance is about 1.</param>
    /// <returns>Axis [point], at most ten clusters from 0.</returns>
    public static int[] Clusters(PointTable points, AnnotatorRule rule, AnnotatorTaste taste, Chance chance, CancellationToken cancellation)
    {
        var smallest = Math.Max(2, (int)(taste.Smallest * points.Count));
        var labels = rule switch
        {
            AnnotatorRule.Mixture => ComponentSearch.Assigned(points,
                ComponentSearch.Least(points, MostComponents, taste.Penalty, chance, cancellation)),
            AnnotatorRule.Hdbscan => Ensemble.Clusters(new Hdbscan(smallest, OneCluster: taste.OneCluster), points.Samples()),
            AnnotatorRule.Gaps => Gaps(points, taste.Gap, cancellation),
            AnnotatorRule.Knee => Ensemble.Clusters(
                new Dbscan(taste.Reach * Knee(points, taste.Neighbors), taste.Neighbors), points.Samples()),
            AnnotatorRule.Ward => Ward(points, taste.Silhouette),
            _ => throw new HarnessException($"rule is {rule}; allowed are mixture, hdbscan, gaps, knee, ward."),
        };
        return Strays.Joined(points, labels, smallest, MostClusters);
    }

    static int[] Gaps(PointTable points, double gap, CancellationToken cancellation)
    {
        var merges = SpanningTree.Of(points, null, cancellation);
        if (merges.Length == 0) return [0];
        var heights = merges.Select(merge => merge.Height).Order().ToArray();
        var widest = gap * heights[(int)(Common * (heights.Length - 1))];
        return Dendrogram.Cut(merges, 1 + heights.Count(height => height > widest));
    }

    // Without a knee, as of a straight line, the middle distance. A radius of 0 would be none.
    static double Knee(PointTable points, int neighbors)
    {
        var tree = new Neighborhoods(points);
        var k = Math.Min(neighbors, points.Count);
        double[] distances = [.. Enumerable.Range(0, points.Count).Select(point => tree.Distance(point, k)).OrderDescending()];
        var knee = distances.Length > 1 ? Kneedle.OfFallingConvexOrNull(distances, sensitivity: 1) : 0;
        return Math.Max(distances[knee ?? distances.Length / 2], 1e-9);
    }

    static int[] Ward(PointTable points, double least)
    {
        var (partition, silhouette) = Ensemble.Clearest(clusters => new Agglomerative(clusters), points.Samples());
        return silhouette >= least ? partition : new int[points.Count];
    }
}
