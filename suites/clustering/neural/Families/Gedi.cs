using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;

namespace Suites.Clustering.Neural.Families;

/// <summary>
/// GEDI for points: one network is classifier and energy, trained to be likely, to agree on views, and to use all clusters. It learns the
/// density alone at first, then all three.
/// </summary>
/// <param name="Temperature">τ of the logits.</param>
/// <param name="Noise">Standard deviation of a view; all coordinates together range over 2.</param>
/// <param name="Langevin">Steps of a chain between two uses.</param>
/// <param name="Warmup">Epochs of the density alone; not where its weight is 0.</param>
public sealed record Gedi(
    [property: Range(2, 1000)] int Clusters = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Temperature = 0.1,
    [property: Range(0.0, 10.0)] double Noise = 0.03,
    [property: Range(1, 1000)] int Langevin = 20,
    [property: Range(0.0, 1e6)] double Generation = 1,
    [property: Range(0.0, 1e6)] double Invariance = 50,
    [property: Range(0.0, 1e6)] double Balance = 50,
    [property: Range(1, 100_000)] int Warmup = 150,
    [property: Range(1, 100_000)] int Epochs = 300,
    [property: Range(2, 65_536)] int BatchSize = 250,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("gedi", 1, "GEDI")
    {
        Kind = "ann",
        Summary = "Self-supervised clusters and an energy-based density from one network, which keep each other from collapsing.",
        Paper = "Sansone and Manhaeve: Unifying self-supervised clustering and energy-based models, TMLR, 2025",
        Link = "https://arxiv.org/abs/2401.00873",
        Equations = """
            f_k(x) = u_k g(x) / (|u_k| |g(x)| tau), p(k|x) = softmax of f, E(x) = -log sum of exp f_k(x), p(x) = exp(-E(x)) / Z
            maximise a E log p(x) + b E sum over k of p(k|x) log p(k|x') + c (1 / K) sum over k of log mean p(k|x), x' = x + noise
            gradient of log p(x): -dE(x) + dE(s), s by Langevin dynamics
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer different points than clusters, one is not finite, all weights are 0, or
    /// training diverged.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var (unit, table) = PointScale.Of(data.Training);
        table.RequireDifferent(Clusters);
        if (Generation == 0 && Invariance == 0 && Balance == 0)
            throw new TrainingFailedException("The weights generation, invariance and balance are all 0, so there is nothing to learn: "
                + "give one of them a positive value.");
        TorchSession.Begin(context.Seed, context.Threads);
        var scale = unit.Centered();
        var network = new EnergyNetwork(scale.Dimensions, Clusters, Temperature);
        try
        {
            Train(network, scale, table, context);
            return new NeuralClusters(network, scale, points => network.Logits(points).argmax(1), network.Operations);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    void Train(EnergyNetwork network, PointScale scale, PointTable table, RunContext context)
    {
        using var points = scale.Tensor(table);
        var (chance, curve) = (new SampleOrder(context.Seed), new Curve(context));
        using var chains = new Langevin(network, scale.Dimensions, Langevin);
        var task = new EnergyTask(network, chains, Noise, chance);
        if (Generation > 0)
            new Schedule(Warmup, BatchSize, LearningRate).Train(network, points,
                (batch, _) => task.Loss(batch, new(Generation, 0, 0)), chance, curve, context.Cancellation);
        new Schedule(Epochs, BatchSize, LearningRate).Train(network, points,
            (batch, _) => task.Loss(batch, new(Generation, Invariance, Balance)), chance, curve, context.Cancellation);
    }
}
