using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Families;

/// <summary>
/// Spectral co-clustering: points and coordinates are clustered together, as rows and columns of a matrix of weights, by k-means of both in
/// the space of its singular vectors. Coordinates are weights, so none is negative; an axis that is 0 everywhere is left out.
/// </summary>
/// <param name="Clusters">Each of points and coordinates; at most as many as there are different points.</param>
/// <param name="Restarts">Of k-means; the best is taken.</param>
public sealed record SpectralCoClustering([property: Range(1, 1000)] int Clusters = 8, [property: Range(1, 10_000)] int Restarts = 10)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("spectral-co-clustering", 1, "Spectral co-clustering")
    {
        Kind = "classical",
        Summary = "Points and coordinates that go together, as parts of a graph between both.",
        Paper = "Dhillon: Co-clustering documents and words using bipartite spectral graph partitioning, KDD 2001",
        Link = "https://doi.org/10.1145/502512.502550",
        Equations = """
            A_n = R^-1/2 A C^-1/2, R and C the sums of rows and columns; u_i, v_i its singular vectors
            rows R^-1/2 u_i and columns C^-1/2 v_i for i = 2 .. 1 + ceil(log2 k), then k-means of both together
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters, a coordinate is negative or not finite, or
    /// a point is 0 throughout.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Clusters);
        var chance = new Chance(unchecked((ulong)context.Seed));
        var directions = (int)Math.Ceiling(Math.Log2(Clusters));
        if (Weights(points) is var weights && directions == 0) return new TransductiveModel(points, new int[points.Count]);
        var embedding = BipartiteEmbedding.Of(weights, directions, chance, context.Cancellation);
        if (embedding.Dimensions == 0)
            throw new TrainingFailedException($"clusters is {Clusters}, but the points have one coordinate that is not 0, which parts "
                + "nothing; allowed is 1..1.");
        var lloyd = new Lloyd(embedding, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        return new TransductiveModel(points, lloyd.Best(Clusters, Restarts, chance).Assignment[..points.Count]);
    }

    static PointTable Weights(PointTable points)
    {
        for (var point = 0; point < points.Count; point++)
        {
            var negative = points[point].IndexOfAnyExceptInRange(0, double.MaxValue);
            if (negative >= 0)
                throw new TrainingFailedException($"Training point {point} is {points[point][negative]} on axis {negative}; co-clustering "
                    + "takes coordinates as weights: shift or scale them to be 0 or more.");
            if (!points[point].ContainsAnyExcept(0.0))
                throw new TrainingFailedException($"Training point {point} is 0 on every axis and goes with no coordinate; drop it before "
                    + "co-clustering.");
        }
        int[] axes = [.. Enumerable.Range(0, points.Dimensions).Where(axis => Enumerable.Range(0, points.Count)
            .Any(point => points[point][axis] > 0))];
        return new([.. Enumerable.Range(0, points.Count).SelectMany(point => axes.Select(axis => points.Values[point * points.Dimensions
            + axis]))], points.Count, axes.Length);
    }
}
