using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Partitions;

namespace Suites.Clustering.Families;

/// <summary>
/// Probabilistic partitive partitioning, reconstructed from its abstract: partitions by k-means without chance, judged by Gaussian
/// mixtures; of those that mixtures agree with, the one with the best Bayesian information criterion. The labels depend neither on seeds
/// nor on the order of the points.
/// </summary>
/// <param name="Agreement">Least share of points whose most probable component is their cluster.</param>
/// <param name="Certainty">Least mean probability of the most probable component.</param>
/// <param name="Most">Clusters at which the search ends.</param>
public sealed record PartitiveReconstruction([property: Range(0.0, 1.0)] double Agreement = 0.9,
    [property: Range(0.0, 1.0)] double Certainty = 0.9, [property: Range(1, 1000)] int Most = 30)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("ppp-reconstruction", 1, "Probabilistic partitive partitioning (reconstruction)")
    {
        Kind = "classical",
        Summary = "k-means without chance proposes partitions of more and more clusters, a Gaussian mixture judges them and their number.",
        Paper = "Sultan: Probabilistic partitive partitioning (PPP), 2020; rebuilt from the abstract, the paper's text was not to be had",
        Link = "https://arxiv.org/abs/2003.04372",
        Equations = """
            coordinates standardised; k = 1, 2, ...: split the cluster that two centres help most, or begin far apart; Lloyd
            mixture of k Gaussians from the partition: agreement = mean [argmax p(k | x) = cluster(x)], certainty = mean max p(k | x)
            k* = argmin BIC where agreement and certainty are large enough; separable: share of x with max p(k | x) >= .99
            """,
    };

    /// <exception cref="TrainingFailedException">There is no point, one is not finite, or a covariance collapses.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        var canonical = CanonicalPoints.Of(points);
        return new TransductiveModel(points, canonical.Restored(Best(canonical.Standardized(), context).Clusters));
    }

    /// <summary>The search ends where several more clusters in a row were no better.</summary>
    internal JudgedPartition Best(PointTable points, RunContext context)
    {
        var (began, worse) = (context.Time.GetTimestamp(), 0);
        JudgedPartition? best = null;
        foreach (var partition in new PartitiveSearch(points, context.Threads, context.Cancellation).Partitions())
        {
            context.Progress.Report(new(partition.Count, partition.Criterion / points.Count, null,
                context.Time.GetElapsedTime(began).TotalSeconds));
            var isBetter = best is null || (partition.Criterion < best.Criterion && partition.Agreement >= Agreement
                && partition.Certainty >= Certainty);
            (best, worse) = isBetter ? (partition, 0) : (best, worse + 1);
            if (partition.Count >= Most || worse >= 2 + partition.Count / 2) break;
        }
        return best!;
    }
}
