using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Families;

/// <summary>
/// k-means: Lloyd's algorithm from k-means++ seeds, the best of several restarts by inertia, the earliest of equals. Where there are fewer
/// different points than clusters, each different point is a cluster of its own and the footprint shows fewer centres.
/// </summary>
/// <param name="Clusters">k; at most as many as there are points.</param>
/// <param name="Restarts">Each draws new seeds; more restarts begin with the same seeds and so never end worse.</param>
/// <param name="Tolerance">A restart ends when no point changes its cluster, or when the squared movements of all centres together are at
/// most this share of the mean variance of the coordinates.</param>
/// <param name="MaxIterations">Of one restart; one that reaches it is used as it is.</param>
public sealed record KMeans([property: Range(1, 100_000)] int Clusters = 8, [property: Range(1, 10_000)] int Restarts = 10,
    [property: Range(0.0, 1.0)] double Tolerance = 1e-4, [property: Range(1, 100_000)] int MaxIterations = 300)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("k-means", 1, "k-means")
    {
        Kind = "classical",
        Summary = "Centres that minimise the squared distance of every point to its nearest one.",
        Paper = "Lloyd: Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2), 1982; "
            + "Arthur and Vassilvitskii: k-means++, the advantages of careful seeding, SODA 2007",
        Link = "https://doi.org/10.1109/TIT.1982.1056489",
        Equations = """
            inertia = sum over points x of min over centres c of |x - c|^2
            seeding: P(next centre = x) = D(x)^2 / sum D^2, D = distance to the nearest centre so far
            assignment: a(x) = argmin over k of |x - c_k|^2
            update: c_k = mean of the points with a(x) = k; without points: the point farthest from its centre
            """,
    };

    /// <summary>
    /// The curve has one point per assignment, restart after restart: the mean squared distance, which rises where a restart begins.
    /// </summary>
    /// <exception cref="TrainingFailedException">There are fewer points than clusters, or a point is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        if (points.Count < Clusters)
            throw new TrainingFailedException(
                $"clusters is {Clusters}, but there are only {points.Count} points; allowed is 1..{points.Count}.");
        var chance = new Chance(unchecked((ulong)context.Seed));
        var lloyd = new Lloyd(points, Tolerance, MaxIterations, InertiaCurve.Of(context, points.Count), context.Threads);
        return new KMeansModel(lloyd.Best(Clusters, Restarts, chance).Centers);
    }
}

sealed class KMeansModel(PointTable centers) : IModel<LabeledPoint, ClusterPrediction>
{
    public Footprint Footprint { get; } = new(centers.Values.Length, centers.Values.Length * sizeof(double), 64);

    /// <exception cref="HarnessException">A point is not finite or has another dimension than the centres.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        var points = PointTable.ForPrediction(batch, centers.Dimensions);
        var clusters = new ClusterPrediction[points.Count];
        for (var i = 0; i < clusters.Length; i++) clusters[i] = new(Nearest.Of(centers, points[i]).Center);
        return clusters;
    }

    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch)
    {
        double macs = Nearest.Macs(centers);
        return new([new("distances", "distance", macs, 0, macs) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
