using Harness.Datasets;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Annotations;

namespace Suites.Clustering.Families.Annotations;

/// <summary>One algorithm as it is, of an ensemble.</summary>
public sealed record PlotAlgorithm(EnsembleAlgorithm Algorithm = EnsembleAlgorithm.KMeans) : IModelFamily<AnnotatedPlot, PlotPartition>
{
    public FamilyCard Card => new("plot-algorithm", 1, "One algorithm on a plot")
    {
        Kind = "classical",
        Summary = "Clusters by an algorithm that was told nothing of annotators; noise joins the nearest cluster.",
        Equations = """
            k-means, mixture, spectral, ward, average, complete: the number of clusters, 2 to 8, of the largest silhouette
            hdbscan, mean-shift, x-means, g-means: they find it
            """,
    };

    /// <summary>Nothing is learnt: <paramref name="data"/> is not looked at.</summary>
    public IModel<AnnotatedPlot, PlotPartition> Prepare(TrainingData<AnnotatedPlot> data, RunContext context) =>
        new PlotModel((points, _) =>
            Strays.Joined(points, Ensemble.Partition(Algorithm, points.Samples()), smallest: 1, most: int.MaxValue), context);
}
