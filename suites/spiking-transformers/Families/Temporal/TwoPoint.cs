using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Signals;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.TwoPoint;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Two streams of units with two points: what is received, and the context that decides what of it is passed on.</summary>
/// <param name="Units">Of a layer, in each stream.</param>
/// <param name="Activity">What the mean activity of all units adds to the loss, the same whatever the transfer function.</param>
/// <param name="Damage">Share of the units that are killed after training.</param>
public sealed record TwoPoint(
    Transfer Transfer = Transfer.Cooperation,
    [property: Range(1, 4096)] int Units = 32,
    [property: Range(1, 16)] int Depth = 2,
    [property: Range(0.0, 100.0)] double Activity = 0.01,
    [property: Range(0.0, 1.0)] double Damage = 0,
    Recipe? Training = null)
    : IModelFamily<SignalSeries, SignalPrediction>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 60, BatchSize: 20, LearningRate: 2e-3, WeightDecay: 0, ClipNorm: 1);

    public FamilyCard Card => new("two-point-reconstruction", 1, "Two-point neurons (reconstruction)")
    {
        Kind = "ann",
        Summary = "Two streams of layers whose units pass on what they receive as their context allows; transfer functions as "
            + "published, the network around them reconstructed.",
        Paper = "Adeel, Franco, Raza, Ahmed: Context-sensitive neocortical neurons transform the effectiveness and efficiency of neural "
            + "information processing, 2022; Adeel et al.: Cooperation is all you need, 2023",
        Link = "https://arxiv.org/abs/2207.07338",
        Equations = """
            R = W x + b; C = U_p (own layer a step ago) + U_d (what the other stream's layer receives) + U_u (highest layers a step ago)
            cooperation: ReLU6(R^2 + 2 R + C (1 + |R|)); kay_phillips: ReLU(R / 2 (1 + exp(RC))), RC within -6..6
            gated: ReLU(R) sigmoid(C); point: ReLU(R + C); alone: ReLU(R)
            y = V [highest layers] + d; loss: mean squared error + activity x mean |h|
            """,
    };

    public IModel<SignalSeries, SignalPrediction> Prepare(TrainingData<SignalSeries> data, RunContext context)
    {
        var encoder = SeriesValues.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new TwoPointNetwork(new(encoder.Channels / 2, Units, Depth, data.Training[0].Outputs, Transfer, Activity), ledger);
        var model = NetworkModel<SignalSeries, SignalPrediction>.Train(network, encoder, SeriesObjective.Answers,
            new SeriesObjective(network, encoder), data, Training, context, ledger);
        network.Kill(Damage, new SampleOrder(context.Seed));
        return model;
    }
}
