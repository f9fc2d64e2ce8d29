using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Delays;
using Suites.SpikingTransformers.Networks.Motion;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>A layer of spiking neurons with heterogeneous delays that detects motion wherever it is.</summary>
/// <param name="Delays">How many there are: 0, 1, ... steps; with 1 nothing is delayed.</param>
/// <param name="Radius">Of what a neuron sees, in pixels.</param>
/// <param name="Symmetric">Whether neurons answer as well to the motion with polarities swapped, to the stronger of both.</param>
/// <param name="Draws">Places and steps of a recording that training looks at in an epoch.</param>
/// <param name="Keep">Share of synapses that are kept after training.</param>
/// <param name="Engine">What computes inference; both give the same answers but for rounding.</param>
public sealed record HdSnn(
    [property: Range(1, 255)] int Delays = 11,
    [property: Range(0, 64)] int Radius = 4,
    bool Symmetric = true,
    [property: Range(1, 65_536)] int Draws = 512,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Keep = 1,
    Pruning Pruning = Pruning.Magnitude,
    Lesion Lesion = Lesion.None,
    DelayEngine Engine = DelayEngine.Dense,
    Recipe? Training = null)
    : IModelFamily<FrameImages, MotionPrediction>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 40, BatchSize: 8, LearningRate: 1e-2, WeightDecay: 0);

    public FamilyCard Card => new("hd-snn", 1, "Heterogeneous-delay SNN")
    {
        Kind = "spiking",
        Summary = "One layer whose synapses have many delays, a logistic regression that is the same at every place and moment.",
        Paper = "Grimaldi, Perrinet: Learning heterogeneous delays in a layer of spiking neurons for fast motion detection, Biological "
            + "Cybernetics 2023",
        Link = "https://doi.org/10.1007/s00422-023-00975-8",
        Equations = """
            B[c, t, x, y] = b_c + sum over p, dt, dx, dy of K[c, p, dt, dx, dy] A[p, t - dt, x - dx, y - dy]
            symmetric: the larger of that and of the same with the polarities p swapped
            a neuron fires where B > 0; the likeliest class is that of the largest B
            loss: binary cross-entropy of sigmoid(B) and whether c is the motion
            """,
    };

    public IModel<FrameImages, MotionPrediction> Prepare(TrainingData<FrameImages> data, RunContext context)
    {
        var (classes, first) = (Classes.Of(data), data.Training[0]);
        TorchSession.Begin(context.Seed, context.Threads);
        var network = new MotionNetwork(new MotionSizes(classes, first.Channels, first.Height, first.Width, Delays, Radius, Symmetric)
            .Checked());
        try
        {
            new Trainer<FrameImages>(network, new MotionObjective(network, Draws), Training, context).Fit(data);
            if (Keep < 1) MotionSurgery.Prune(network, Keep, Pruning, new SampleOrder(context.Seed));
            if (Lesion == Lesion.Delays) MotionSurgery.Collapse(network);
            return new MotionModel(network, Engine, Lesion == Lesion.Times, context.Seed);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
