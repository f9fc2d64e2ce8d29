using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Families;

/// <summary>
/// An encoder learns from views of each point by maximum manifold capacity; spherical k-means of its representations finds clusters. The
/// published network is a ResNet-50 and 40 views of colour images; this one is small.
/// </summary>
/// <param name="FeatureLength">d of the projections that the loss sees.</param>
/// <param name="Views">Of a point in each step.</param>
/// <param name="Compression">λ, weight of the extent of each point's manifold.</param>
/// <param name="Noise">Of a view of points that are no images, as share of the range of all coordinates.</param>
/// <param name="Epochs">0 leaves the encoder as it was drawn: the control.</param>
public sealed record Mmcr(
    [property: Range(1, 1000)] int Clusters = 10,
    EncoderForm Network = EncoderForm.Convolution,
    [property: Range(2, 1024)] int FeatureLength = 64,
    [property: Range(2, 256)] int Views = 8,
    [property: Range(0.0, 1000.0)] double Compression = 0,
    [property: Range(0.0, 10.0)] double Noise = 0.02,
    [property: Range(0, 100_000)] int Epochs = 10,
    [property: Range(2, 4096)] int BatchSize = 32,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    const int Restarts = 10;

    public FamilyCard Card => new("mmcr", 1, "MMCR and k-means")
    {
        Kind = "ann",
        Summary = "Representations whose views agree and whose centroids span as much as they can, learnt without labels; spherical "
            + "k-means of them.",
        Paper = "Yerxa, Kuang, Simoncelli, Chung: Learning efficient coding of natural images with maximum manifold capacity "
            + "representations, NeurIPS 2023",
        Link = "https://arxiv.org/abs/2303.03307",
        Equations = """
            z_bk = projection of view k of point b, of length 1; c_b = mean over k of z_bk
            minimise -|C|_* + lambda / B sum over b of |Z_b|_*, |.|_* the sum of singular values
            clusters: spherical k-means of what the encoder says before the projection
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters, one is not finite, the network does not
    /// fit them, or training diverged.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var (scale, table) = PointScale.Of(data.Training);
        table.RequireDifferent(Clusters);
        TorchSession.Begin(context.Seed, context.Threads);
        using var points = scale.Tensor(table);
        var network = new ViewNetwork(Network, scale.Dimensions, FeatureLength);
        try
        {
            Train(network, points, context);
            var codes = Codes.Of(points, network.Encode);
            var clusters = new ClusterLayer(Codes.Tensor(Codes.SphericalCenters(codes, Clusters, Restarts, context)));
            network.register_module("clusters", clusters);
            return new NeuralClusters(network, scale, batch => clusters.Assign(network.Encode(batch)),
                [.. network.Operations, clusters.Operations]);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    void Train(ViewNetwork network, Tensor points, RunContext context)
    {
        var (views, capacity) = (new Views(Network, Noise), new ManifoldCapacity(Compression));
        new Schedule(Epochs, BatchSize, LearningRate).Train(network, points, (batch, _) =>
        {
            using var scope = NewDisposeScope();
            var seen = cat([.. Enumerable.Range(0, Views).Select(_ => views.Of(batch))]);
            return capacity.Loss(network.Project(seen).view(Views, batch.shape[0], -1)).MoveToOuterDisposeScope();
        }, new SampleOrder(context.Seed), new Curve(context), context.Cancellation);
    }
}
