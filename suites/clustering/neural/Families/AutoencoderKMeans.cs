using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Centers;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Families;

/// <summary>
/// An autoencoder learns a short code of the points; k-means finds clusters of codes. The peer of networks that learn both.
/// </summary>
/// <param name="CodeLength">Numbers of the code.</param>
/// <param name="Dropout">Share of the inputs of the perceptron's encoding layers that are zero in a step; 0.2 in TELL's code.</param>
/// <param name="Directions">Spherical k-means of the directions of codes.</param>
/// <param name="Restarts">Of k-means.</param>
public sealed record AutoencoderKMeans(
    [property: Range(1, 1000)] int Clusters = 10,
    AutoencoderForm Network = AutoencoderForm.Perceptron,
    [property: Range(1, 1000)] int CodeLength = 10,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Dropout = 0,
    bool Directions = false,
    [property: Range(1, 100_000)] int Epochs = 45,
    [property: Range(2, 65_536)] int BatchSize = 128,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3,
    [property: Range(1, 10_000)] int Restarts = 10) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("ae-k-means", 1, "Autoencoder and k-means")
    {
        Kind = "ann",
        Summary = "k-means of the codes of an autoencoder that knows nothing of clusters.",
        Paper = "The usual baseline of deep clustering, as in Xie, Girshick, Farhadi: Unsupervised deep embedding for clustering analysis, "
            + "ICML 2016; the network is that of Peng et al., JMLR 23(6), 2022",
        Link = "https://arxiv.org/abs/1511.06335",
        Equations = "minimise mean (x - g(f(x)))^2 by Adam, then k-means of f(x); directions: spherical k-means",
    };

    /// <exception cref="TrainingFailedException">There are fewer points than clusters, one is not finite, the network does not fit them, or
    /// training diverged.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var (scale, table) = PointScale.Of(data.Training);
        table.RequireDifferent(Clusters);
        TorchSession.Begin(context.Seed, context.Threads);
        using var points = scale.Tensor(table);
        var network = new Autoencoder(Network, scale.Dimensions, CodeLength, Dropout);
        try
        {
            Reconstruction.Train(network, points, new(Epochs, BatchSize, LearningRate), new(context.Seed), new(context),
                context.Cancellation);
            var codes = Codes.Of(points, network.Encode);
            if (Directions) network.UseDirections(length: 1);
            var centers = new CodeCenters(Codes.Tensor(Centers(codes, context)));
            network.register_module("centers", centers);
            return new NeuralClusters(network, scale, batch => centers.Nearest(network.Encode(batch)),
                [.. network.Operations, centers.Operations]);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    PointTable Centers(PointTable codes, RunContext context) => Directions
        ? Codes.SphericalCenters(codes, Clusters, Restarts, context)
        : new Lloyd(codes, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads)
            .Best(Clusters, Restarts, new Chance(unchecked((ulong)context.Seed))).Centers;
}
