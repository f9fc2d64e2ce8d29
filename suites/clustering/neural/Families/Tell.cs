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
/// TELL: an autoencoder with k-means as a layer, trained together. The published schedule is 3001 epochs of 70 000 images by Adadelta from
/// random centres, with a cluster weight of 0.02; here the autoencoder learns alone at first, centres begin at spherical k-means of its
/// codes, Adam's rate falls to zero in both stages, and the cluster loss weighs more, so that some dozen epochs of 10 000 images are enough
/// (docs/decisions/0034).
/// </summary>
/// <param name="CodeLength">Numbers of the code, whose length is 1.</param>
/// <param name="Dropout">Share of the inputs of the perceptron's encoding layers that are zero in a step; 0.2 as published.</param>
/// <param name="Warmup">Epochs of the autoencoder alone.</param>
/// <param name="Epochs">With the cluster layer: in the first, third and so on centres move, in the others codes move to them.</param>
/// <param name="ClusterWeight">Of the cluster loss beside the mean squared error of a pixel; 0.02 as published.</param>
/// <param name="CenterStep">Length by which a centre moves in a step, at the full rate; 0.1 as published.</param>
public sealed record Tell(
    [property: Range(1, 1000)] int Clusters = 10,
    AutoencoderForm Network = AutoencoderForm.Perceptron,
    [property: Range(2, 1000)] int CodeLength = 10,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Dropout = 0,
    [property: Range(1, 100_000)] int Warmup = 30,
    [property: Range(2, 100_000)] int Epochs = 15,
    [property: Range(2, 65_536)] int BatchSize = 128,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3,
    [property: Range(0.0, 1000.0)] double ClusterWeight = 1,
    [property: Range(0.0, 10.0)] double CenterStep = 0.1) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    const int Restarts = 10;

    public FamilyCard Card => new("tell", 1, "TELL")
    {
        Kind = "ann",
        Summary = "Interpretable neural clustering: k-means as a differentiable layer on the codes of an autoencoder.",
        Paper = "Peng, Li, Tsang, Zhu, Lv, Zhou: XAI beyond classification: interpretable neural clustering, JMLR 23(6), 2022",
        Link = "https://arxiv.org/abs/1808.07292",
        Equations = """
            z = f(x) / |f(x)|, assignment a(x) = argmax over k of mu_k z, |mu_k| = 1
            loss = mean (x - g(z))^2 + w (1 - mean over x, k of [a(x) = k] mu_k z)
            epochs of centres: mu_k = direction of mu_k + step s_k / |s_k|, s_k = sum of z with a(x) = k; z detached from the cluster loss
            epochs of codes: mu_k fixed
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
        var network = new Autoencoder(Network, scale.Dimensions, CodeLength, Dropout);
        try
        {
            var (chance, curve) = (new SampleOrder(context.Seed), new Curve(context));
            Reconstruction.Train(network, points, new(Warmup, BatchSize, LearningRate), chance, curve, context.Cancellation);
            var codes = Codes.Of(points, network.Encode);
            network.UseDirections(MeanLength(codes));
            var clusters = new ClusterLayer(Codes.Tensor(Codes.SphericalCenters(codes, Clusters, Restarts, context)));
            network.register_module("clusters", clusters);
            new Schedule(Epochs, BatchSize, LearningRate).Train(network, points,
                (batch, moment) => Loss(network, clusters, batch, moment), chance, curve, context.Cancellation);
            return new NeuralClusters(network, scale, batch => clusters.Assign(network.Encode(batch)),
                [.. network.Operations, clusters.Operations]);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    static double MeanLength(PointTable codes) =>
        Enumerable.Range(0, codes.Count).Average(at => Math.Sqrt(Nearest.Squared(codes[at], new double[codes.Dimensions])));

    Tensor Loss(Autoencoder network, ClusterLayer clusters, Tensor batch, Moment moment)
    {
        using var scope = NewDisposeScope();
        var codes = network.Encode(batch);
        var centersMove = moment.Epoch % 2 == 0;
        var loss = Reconstruction.Loss(network, batch, codes) + ClusterWeight * clusters.Loss(centersMove ? codes.detach() : codes);
        if (centersMove) clusters.Move(codes.detach(), CenterStep * moment.Rate);
        return loss.MoveToOuterDisposeScope();
    }
}
