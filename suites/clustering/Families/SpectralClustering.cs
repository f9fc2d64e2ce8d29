using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Families;

/// <summary>Which points are alike: nearest neighbours, or all of them, less with distance.</summary>
public enum Affinity { Neighbors, Gaussian }

/// <summary>
/// Spectral clustering: k-means of the points in the space of the first eigenvectors of a graph's normalised Laplacian. Affinities, the
/// Laplacian and its scaling are those of scikit-learn. A graph of more parts than clusters gives the largest parts a direction each, and
/// all others lie together at the origin.
/// </summary>
/// <param name="Clusters">k, and how many eigenvectors; at most as many as there are different points.</param>
/// <param name="Neighbors">Nearest points of each, itself counted; for affinity neighbors.</param>
/// <param name="Gamma">exp(-gamma |x - y|²); in the inverse square of the coordinates' unit; for affinity gaussian.</param>
/// <param name="Restarts">Of k-means in the space of the eigenvectors; the best is taken.</param>
public sealed record SpectralClustering([property: Range(1, 1000)] int Clusters = 8, Affinity Affinity = Affinity.Neighbors,
    [property: Range(2, 10_000)] int Neighbors = 10, [property: Range(0.0, 1e100, MinimumIsExclusive = true)] double Gamma = 1,
    [property: Range(1, 10_000)] int Restarts = 10) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("spectral", 1, "Spectral clustering")
    {
        Kind = "classical",
        Summary = "Clusters as parts of a graph between which little is cut, of any form.",
        Paper = "Shi and Malik: Normalized cuts and image segmentation, IEEE Trans. PAMI 22(8), 2000; von Luxburg: A tutorial on spectral "
            + "clustering, Statistics and Computing 17, 2007",
        Link = "https://doi.org/10.1007/s11222-007-9033-z",
        Equations = """
            neighbors: W = (C + C^T) / 2, C_xy = 1 where y is one of the nearest of x; gaussian: W_xy = exp(-gamma |x - y|^2); W_xx = 0
            L = I - D^-1/2 W D^-1/2, D the sums of the rows of W
            embedding: D^-1/2 (eigenvectors of the k smallest eigenvalues of L), then k-means
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters, too many points for the affinity, or one
    /// is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Clusters);
        var chance = new Chance(unchecked((ulong)context.Seed));
        IAffinity graph = Affinity == Affinity.Neighbors ? NeighborAffinity.Of(points, Neighbors, context.Threads)
            : DenseAffinity.Gaussian(points, Gamma, context.Threads);
        var embedding = SpectralEmbedding.Of(graph, Clusters, chance, context.Cancellation);
        var lloyd = new Lloyd(embedding, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        return new TransductiveModel(points, lloyd.Best(Clusters, Restarts, chance).Assignment);
    }
}
