using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Spectra;
using Suites.Clustering.Subspaces;

namespace Suites.Clustering.Families;

/// <summary>
/// Elastic-net subspace clustering: each point is a sum of few others, which lie in its subspace, and the graph of who is a sum of whom is
/// clustered spectrally. Clusters are subspaces through the origin; lengths of points do not matter.
/// </summary>
/// <param name="Clusters">At most as many as there are different points.</param>
/// <param name="Sparsity">1 is sparse subspace clustering, less joins more points of a subspace.</param>
/// <param name="Strength">How exactly a point is expressed, in multiples of where its first coefficient appears.</param>
/// <param name="Restarts">Of k-means in the space of the eigenvectors; the best is taken.</param>
public sealed record ElasticNetSubspaces([property: Range(1, 1000)] int Clusters = 8,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Sparsity = 0.9,
    [property: Range(1.0, 1e6, MinimumIsExclusive = true)] double Strength = 50, [property: Range(1, 10_000)] int Restarts = 10)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    /// <summary>Every point is held against all others, some dozen times.</summary>
    const int MostPoints = 20_000;

    public FamilyCard Card => new("ensc", 1, "Elastic-net subspace clustering")
    {
        Kind = "classical",
        Summary = "Points that are sums of each other lie in one subspace.",
        Paper = "You, Li, Robinson and Vidal: Oracle based active set algorithm for scalable elastic net subspace clustering, CVPR 2016",
        Link = "https://arxiv.org/abs/1605.02633",
        Equations = """
            c_j = argmin gamma/2 |x_j - X c|^2 + s |c|_1 + (1 - s)/2 |c|^2, c_jj = 0, |x| = 1
            gamma = strength s / max |x_j x_i|; W = (|C| + |C|^T) / 2, rows of C of length 1; then as spectral clustering
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters, too many points, or one is not finite.
    /// </exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Clusters);
        points.RequireAtMost(MostPoints, "Every point is expressed by all others", "Take fewer points, or family spectral.");
        var chance = new Chance(unchecked((ulong)context.Seed));
        var embedding = SpectralEmbedding.Of(Affinity(points, context), Clusters, chance, context.Cancellation);
        var lloyd = new Lloyd(embedding, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        return new TransductiveModel(points, lloyd.Best(Clusters, Restarts, chance).Assignment);
    }

    NeighborAffinity Affinity(PointTable points, RunContext context)
    {
        var expression = new SelfExpression(Directions(points), Sparsity, Strength, context.Cancellation);
        var rows = new (int[] Others, double[] Coefficients)[points.Count];
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = context.Threads,
            CancellationToken = context.Cancellation }, point => rows[point] = expression.Of(point));
        return NeighborAffinity.OfHalves(points.Count, rows.Select(row =>
        {
            var length = Math.Sqrt(row.Coefficients.Sum(coefficient => coefficient * coefficient));
            return (row.Others, row.Coefficients.Select(coefficient => Math.Abs(coefficient) / length / 2).ToArray());
        }));
    }

    static PointTable Directions(PointTable points)
    {
        var values = (double[])points.Values.Clone();
        for (var point = 0; point < points.Count; point++)
        {
            var row = values.AsSpan(point * points.Dimensions, points.Dimensions);
            // In two steps, as the squares of large coordinates overflow.
            var largest = 0.0;
            foreach (var value in row) largest = Math.Max(largest, Math.Abs(value));
            if (largest == 0) continue;
            foreach (ref var value in row) value /= largest;
            var length = Math.Sqrt(Subspace.Dot(row, row));
            foreach (ref var value in row) value /= length;
        }
        return points with { Values = values };
    }
}
