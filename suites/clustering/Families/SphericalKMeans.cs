using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Families;

/// <summary>
/// Spherical k-means: clusters of directions, whatever the length of a point. Where there are fewer different directions than clusters,
/// each is a cluster of its own.
/// </summary>
/// <param name="Clusters">k; at most as many as there are points.</param>
/// <param name="Restarts">Each draws new seeds; the best by inertia is taken.</param>
/// <param name="MaxIterations">Of one restart; one that reaches it is used as it is.</param>
public sealed record SphericalKMeans([property: Range(1, 100_000)] int Clusters = 8, [property: Range(1, 10_000)] int Restarts = 10,
    [property: Range(1, 100_000)] int MaxIterations = 300) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("spherical-k-means", 1, "Spherical k-means")
    {
        Kind = "classical",
        Summary = "Centres on the unit sphere that maximise the cosine of every point with its nearest one.",
        Paper = "Dhillon and Modha: Concept decompositions for large sparse text data using clustering, Machine Learning 42, 2001",
        Link = "https://doi.org/10.1023/A:1007612920971",
        Equations = """
            z = x / |x|; assignment: a(x) = argmax over k of c_k z; update: c_k = s / |s|, s = sum of z with a(x) = k
            inertia = sum of |z - c_a(x)|^2 = sum of 2 - 2 c_a(x) z
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer points than clusters, one lies at the origin or is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        if (points.Count < Clusters)
            throw new TrainingFailedException(
                $"clusters is {Clusters}, but there are only {points.Count} points; allowed is 1..{points.Count}.");
        var lloyd = new SphericalLloyd(SphericalLloyd.Directions(points), MaxIterations, InertiaCurve.Of(context, points.Count));
        return new DirectionModel(lloyd.Best(Clusters, Restarts, new Chance(unchecked((ulong)context.Seed))).Centers);
    }
}

sealed class DirectionModel(PointTable centers) : IModel<LabeledPoint, ClusterPrediction>
{
    public Footprint Footprint { get; } = new(centers.Values.Length, centers.Values.Length * sizeof(double), 64);

    /// <summary>The centre of the largest product: lengths of points do not matter, and the origin belongs to the first one.</summary>
    /// <exception cref="HarnessException">A point is not finite or has another dimension than the centres.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        var points = PointTable.ForPrediction(batch, centers.Dimensions);
        var clusters = new ClusterPrediction[points.Count];
        for (var i = 0; i < clusters.Length; i++) clusters[i] = new(Largest(points[i]));
        return clusters;
    }

    int Largest(ReadOnlySpan<double> point)
    {
        var (best, most) = (0, double.NegativeInfinity);
        for (var center = 0; center < centers.Count; center++)
        {
            var product = 0.0;
            for (var axis = 0; axis < point.Length; axis++) product += point[axis] * centers[center][axis];
            if (product > most) (best, most) = (center, product);
        }
        return best;
    }

    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch)
    {
        double macs = Nearest.Macs(centers);
        return new([new("products", "distance", macs, 0, macs) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
