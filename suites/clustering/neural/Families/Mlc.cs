using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Centers;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Spectra;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Families;

/// <summary>
/// Manifold linearizing and clustering: a network lays manifolds of points out as subspaces and finds which points share one, both at once;
/// spectral clustering of what it found gives the clusters. The published network is a ResNet-18 on colour images; this one is small.
/// </summary>
/// <param name="FeatureLength">d, of features and of cluster directions.</param>
/// <param name="Precision">ε² of the coding rates.</param>
/// <param name="Entropy">η of the memberships: small values join few points.</param>
/// <param name="SinkhornSteps">Of the memberships of a batch.</param>
/// <param name="Agreement">Weight of the cosine between views in the first stage.</param>
/// <param name="Noise">Of a view of points that are no images, as share of the range of all coordinates.</param>
/// <param name="Spreading">Epochs of the first stage, total coding rate.</param>
/// <param name="Separating">Epochs of the second stage; 0 clusters what the first one found.</param>
public sealed record Mlc(
    [property: Range(1, 1000)] int Clusters = 10,
    EncoderForm Network = EncoderForm.Convolution,
    [property: Range(2, 256)] int FeatureLength = 32,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Precision = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Entropy = 0.15,
    [property: Range(1, 1000)] int SinkhornSteps = 10,
    [property: Range(0.0, 1e6)] double Agreement = 30,
    [property: Range(0.0, 10.0)] double Noise = 0.02,
    [property: Range(1, 100_000)] int Spreading = 15,
    [property: Range(0, 100_000)] int Separating = 15,
    [property: Range(2, 4096)] int BatchSize = 256,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    const int MostPoints = 6000, Restarts = 10;

    public FamilyCard Card => new("mlc", 1, "Manifold linearizing and clustering")
    {
        Kind = "ann",
        Summary = "Features that fill one subspace for each manifold of points, learnt together with doubly stochastic memberships.",
        Paper = "Ding, Tong, Chan, Dai, Ma, Haeffele: Unsupervised manifold linearizing and clustering, ICCV 2023",
        Equations = """
            R(Z) = log det(I + d / (n e^2) Z^T Z), R_c(Z, G) = mean over j of log det(I + d / e^2 Z^T diag(G_.j) Z)
            stage 1: maximise R((Z + Z') / 2) + w mean |z_i z_i'| over two views
            stage 2: cluster head = feature head, then maximise R(Z) - R_c(Z, G), Z and G means over two views, rows of Z of length 1
            G = doubly stochastic matrix of entropy eta nearest to C C^T, rows of C the cluster directions
            clusters: spectral clustering with the weights G of all points
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters or too many points, one is not finite, the
    /// network does not fit them, or training diverged.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var (scale, table) = PointScale.Of(data.Training);
        table.RequireDifferent(Clusters);
        table.RequireAtMost(MostPoints, "The memberships are a number for every pair of points", "Take fewer points.");
        TorchSession.Begin(context.Seed, context.Threads);
        using var points = scale.Tensor(table);
        using var network = new ManifoldNetwork(Network, scale.Dimensions, FeatureLength);
        var task = Task(network);
        var chance = new SampleOrder(context.Seed);
        var curve = new Curve(context);
        task.Spread(points, new(Spreading, BatchSize, LearningRate), chance, curve, context.Cancellation);
        task.Separate(points, new(Separating, BatchSize, LearningRate), chance, curve, context.Cancellation);
        return new TransductiveModel(table, Assign(task.Membership(points), context));
    }

    internal ManifoldTask Task(ManifoldNetwork network) =>
        new(network, new(Network, Noise), new(Precision), new(Entropy, SinkhornSteps), Agreement);

    internal int[] Assign(Tensor membership, RunContext context)
    {
        var chance = new Chance(unchecked((ulong)context.Seed));
        var embedding = SpectralEmbedding.Of(Affinity(membership), Clusters, chance, context.Cancellation);
        return new Lloyd(embedding, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads)
            .Best(Clusters, Restarts, chance).Assignment;
    }

    static DenseAffinity Affinity(Tensor membership)
    {
        using (membership)
        {
            var (values, count) = (membership.data<float>().ToArray(), (int)membership.shape[0]);
            return new([.. Enumerable.Range(0, count).Select(row => Enumerable.Range(0, count)
                .Select(column => row == column ? 0 : (double)values[row * count + column]).ToArray())]);
        }
    }
}
