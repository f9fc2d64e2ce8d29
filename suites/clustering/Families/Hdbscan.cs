using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Densities;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Families;

/// <summary>
/// HDBSCAN*: single linkage over mutual reachability, condensed to the clusters of at least a size, of which those are taken that live
/// longest over densities. The number of clusters is found; points of no cluster are noise. Without chance.
/// </summary>
/// <param name="Smallest">Points that a cluster has at least.</param>
/// <param name="Neighbors">A point's core distance is that to its k-th neighbour, itself counted.</param>
/// <param name="OneCluster">Whether all points may be one cluster.</param>
public sealed record Hdbscan([property: Range(2, 1_000_000)] int Smallest = 5, [property: Range(1, 1_000_000)] int Neighbors = 5,
    bool OneCluster = false) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("hdbscan", 1, "HDBSCAN*")
    {
        Kind = "classical",
        Summary = "Clusters of different densities: of the hierarchy over all densities, those that live longest.",
        Paper = "Campello, Moulavi and Sander: Density-based clustering based on hierarchical density estimates, PAKDD 2013",
        Link = "https://doi.org/10.1007/978-3-642-37456-2_14",
        Equations = """
            core(x) = distance to the k-th neighbour, reach(x, y) = max(core x, core y, |x - y|)
            stability(C) = sum over points of C of (1/reach at which the point leaves C - 1/reach at which C appears)
            taken: the clusters, none inside another, with the largest sum of stabilities
            """,
    };

    /// <exception cref="TrainingFailedException">There is no point, or one is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        if (points.Count < 2) return new TransductiveModel(points, new int[points.Count].Select(_ => -1).ToArray());
        points.RequireAtMost(SpanningTree.Most, "HDBSCAN* looks at every pair", "Take fewer points, or family dbscan.");
        var tree = new Neighborhoods(points);
        var cores = new double[points.Count];
        var k = Math.Min(Neighbors, points.Count);
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = context.Threads },
            point => cores[point] = tree.Distance(point, k));
        var merges = SpanningTree.Of(points, cores, context.Cancellation);
        return new TransductiveModel(points, new CondensedTree(merges, Smallest).Labels(OneCluster));
    }
}
