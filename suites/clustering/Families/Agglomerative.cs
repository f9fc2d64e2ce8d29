using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Families;

/// <summary>What the distance of two clusters is: of their nearest points, of their farthest, of all pairs on average, or by Ward what
/// their union adds to the sum of squares.</summary>
public enum Linkage { Single, Complete, Average, Ward }

/// <summary>
/// Agglomerative clustering: every point is a cluster, and the two nearest clusters become one until <paramref name="Clusters"/> are left.
/// Exact and without chance. Single linkage and Ward's need memory for the points alone, the others for every pair of points.
/// </summary>
/// <param name="Clusters">k; at most as many as there are different points.</param>
public sealed record Agglomerative([property: Range(1, 100_000)] int Clusters = 8, Linkage Linkage = Linkage.Ward)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("agglomerative", 1, "Agglomerative clustering")
    {
        Kind = "classical",
        Summary = "The two nearest clusters become one, again and again; what near means is the linkage.",
        Paper = "Ward: Hierarchical grouping to optimize an objective function, JASA 58, 1963; Murtagh: A survey of recent advances in "
            + "hierarchical clustering algorithms, The Computer Journal 26, 1983",
        Link = "https://doi.org/10.1080/01621459.1963.10500845",
        Equations = """
            single: d(A, B) = min |a - b|; complete: max |a - b|; average: mean |a - b|, over a in A and b in B
            ward: d(A, B) = sqrt(2 |A| |B| / (|A| + |B|)) |mean A - mean B|
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer points than clusters, too many for the linkage's matrix, or a point is
    /// not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Clusters);
        return new TransductiveModel(points, Label(points, context.Threads, context.Cancellation));
    }

    internal int[] Label(PointTable points, int threads, CancellationToken cancellation) =>
        Dendrogram.Cut(MergesOf(points, threads, cancellation), Clusters);

    Merge[] MergesOf(PointTable points, int threads, CancellationToken cancellation) => Linkage switch
    {
        Linkage.Single => SpanningTree.Of(points, null, cancellation),
        Linkage.Ward => WardChain.Of(points, cancellation),
        Linkage.Complete => MatrixChain.Of(points, average: false, threads).Merges(cancellation),
        Linkage.Average => MatrixChain.Of(points, average: true, threads).Merges(cancellation),
        _ => throw new HarnessException($"linkage is {Linkage}; allowed are single, complete, average, ward."),
    };
}
