using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>What a readout is given.</summary>
public enum ProbeInput
{
    /// <summary>Spike counts of the liquid.</summary>
    Liquid,
    /// <summary>Counts of the input events alone: what the liquid must add to.</summary>
    Input,
}

/// <summary>A random liquid that is never trained, in software or in resistive memory, and a linear readout of its spike counts.</summary>
/// <param name="Memory">Devices that hold the weights.</param>
/// <param name="Decay">Of the potential in a step.</param>
/// <param name="Scale">Deviation of the weights.</param>
/// <param name="Pool">So many pixels along each edge are one input.</param>
/// <param name="Rate">Probability that a white input fires in a step.</param>
public sealed record RramLsm(
    ProbeInput Probe = ProbeInput.Liquid,
    ResistiveMemory? Memory = null,
    [property: Range(1, 8192)] int Neurons = 200,
    [property: Range(0.0, 1.0)] double Decay = 0.9,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Threshold = 5,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Scale = 0.4,
    [property: Range(1, 1000)] int Steps = 50,
    [property: Range(1, 64)] int Pool = 2,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Rate = 0.5,
    Recipe? Training = null)
    : IModelFamily<LabeledImage, ClassPrediction>
{
    public ResistiveMemory Memory { get; init; } = Memory ?? new();

    public Recipe Training { get; init; } = Training ?? new(Epochs: 60, BatchSize: 100, LearningRate: 1e-2, WeightDecay: 1e-4);

    public FamilyCard Card => new("rram-lsm", 1, "Resistive-memory liquid state machine")
    {
        Kind = "spiking",
        Summary = "A random liquid of spiking neurons whose weights are differences of conductances as they were deposited, with read "
            + "noise, levels and drift, or exact normal numbers; a linear readout of spike counts.",
        Paper = "Lin et al.: Resistive memory-based zero-shot liquid state machine for multimodal event data learning, Nature "
            + "Computational Science 5, 2025",
        Link = "https://arxiv.org/abs/2307.00771",
        Equations = """
            V = decay V + W_in s_in + W_rec s, s = 1 where V >= threshold, then V = 0; all to all, never trained
            W = scale (G+ - G-) / deviation, G log-normal or normal; a read of W has deviation noise sqrt(G+^2 + G-^2)
            y = softmax(R (counts / sum of counts) + c)
            """,
    };

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var first = data.Training[0];
        if (Pool > Math.Min(first.Height, first.Width))
            throw new TrainingFailedException($"Images of {first.Height} x {first.Width} have no inputs of {Pool} x {Pool}; lower pool.");
        var view = new ImageView(first.Height, first.Width, Pool, Steps, Rate, context.Seed);
        var (fresh, aged) = Probe == ProbeInput.Input ? (null, null)
            : RandomWeights.Of(Memory, view.Inputs, Neurons, Scale, context.Seed);
        var probe = NewProbe(fresh);
        var seen = new TrainingData<LiquidResponse>(ProbeModel.Responses(probe, data.Training, context.Cancellation),
            ProbeModel.Responses(probe, data.Validation, context.Cancellation));
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var readout = new Readout("readout", fresh?.Neurons ?? view.Inputs, classes, ledger);
        return new ProbeModel(NewProbe(aged), Steps,
            Classifier.Train(readout, ResponseScale.Of(seen.Training), seen, Training, context, ledger));

        EventProbe<LabeledImage> NewProbe(LiquidWeights? weights) =>
            new(view, weights, Decay, Threshold, context.Seed, context.Threads);
    }
}
