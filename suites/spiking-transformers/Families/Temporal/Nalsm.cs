using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Liquid state machine whose STDP an astrocyte keeps in balance, and a linear readout of its spike counts.</summary>
/// <param name="Side">Neurons along one edge of the cubic lattice.</param>
/// <param name="Rule">What changes the liquid's weights.</param>
/// <param name="Weight">Magnitude of all weights at the start, and the most that plasticity allows.</param>
/// <param name="Potentiation">eta.</param>
/// <param name="Depression">A at the start; what it is without an astrocyte.</param>
/// <param name="Coupling">How strongly the astrocyte feels the liquid: w_a.</param>
/// <param name="Settling">Training samples that the liquid sees, one after another, before the readout is trained.</param>
/// <param name="SettlingSteps">Milliseconds of each.</param>
/// <param name="Steps">Milliseconds of a sample that is to be classified.</param>
/// <param name="Samples">Training samples of the readout; null takes all.</param>
public sealed record Nalsm(
    [property: Range(3, 20)] int Side = 10,
    LiquidRule Rule = LiquidRule.Astrocyte,
    [property: Range(0.01, 100.0)] double Weight = 3,
    [property: Range(0.0, 10.0)] double Potentiation = 0.15,
    [property: Range(0.0, 10.0)] double Depression = 0.15,
    [property: Range(0.0, 10.0)] double Coupling = 0.015,
    [property: Range(0, 1_000_000)] int Settling = 5000,
    [property: Range(1, 10_000)] int SettlingSteps = 20,
    [property: Range(1, 10_000)] int Steps = 250,
    [property: Range(1, 1_000_000)] int? Samples = null,
    Recipe? Training = null)
    : IModelFamily<LabeledImage, ClassPrediction>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 100, BatchSize: 250, LearningRate: 1e-2, WeightDecay: 1e-4);

    public FamilyCard Card => new("nalsm", 1, "NALSM")
    {
        Kind = "spiking",
        Summary = "A random liquid of spiking neurons that STDP shapes without labels; one astrocyte sets the strength of depression by "
            + "the activity of the whole; a linear readout of spike counts.",
        Paper = "Ivanov, Michmizos: Increasing liquid state machine performance with edge-of-chaos dynamics organized by "
            + "astrocyte-modulated plasticity, NeurIPS 2021",
        Link = "https://arxiv.org/abs/2111.01760",
        Equations = """
            p(join) = C exp(-(D / 3)^2); V += sum of w exp(-age of the last spike) - V / 64, threshold 20, reset 0, refractory 2 ms
            trace = exp(-1/10) (trace + 0.1 S)
            excitatory and input synapses: w += eta trace_pre at a postsynaptic spike, w -= A trace_post at a presynaptic one
            inhibitory synapses: w -= A trace_pre, w += eta trace_post
            A += (w_a (spikes of the liquid - spikes of the input) + b - A) / 100
            eta, A, w_a, b fall by 1 % each ms while a sample is shown
            y = softmax(W (counts / sum of counts) + c)
            """,
    };

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var images = Samples is { } most ? [.. data.Training.Take(most)] : data.Training;
        var currents = ImageCurrents.Of(data.Training);
        var wiring = new LiquidWiring(currents.Pixels, Side, new SampleOrder(context.Seed));
        var liquid = Settle(new(wiring, new(Rule, Weight, Potentiation, Depression, Coupling)), currents, data.Training, context);
        var show = new LiquidShow(wiring, liquid, currents, Steps, context.Seed, context.Threads);
        var seen = new TrainingData<LiquidResponse>(show.Responses(images, context.Cancellation),
            show.Responses(data.Validation, context.Cancellation));
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var noted = context with { Progress = new NotedProgress(context.Progress, Vitals(show, images)) };
        return new LiquidModel(show, Classifier.Train(new Readout("readout", wiring.Neurons, classes, ledger),
            ResponseScale.Of(seen.Training), seen, Training, noted, ledger));
    }

    Liquid Settle(Liquid liquid, ImageCurrents currents, IReadOnlyList<LabeledImage> images, RunContext context)
    {
        if (Rule == LiquidRule.Fixed) return liquid;
        for (var index = 0; index < Math.Min(Settling, images.Count); index++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            liquid.Show(currents.Probabilities(images[index]), SettlingSteps, cool: false,
                ImageCurrents.Chance(images[index], context.Seed));
        }
        return liquid.Settled();
    }

    static string Vitals(LiquidShow show, IReadOnlyList<LabeledImage> images)
    {
        var vitals = new LiquidVitals(show.Wiring);
        show.Watched([.. images.Take(50)], vitals);
        return string.Create(CultureInfo.InvariantCulture, $"liquid of {show.Wiring.Recurrent} synapses: {(double)vitals.Spikes
            / vitals.Steps:F1} spikes/ms, input {(double)vitals.InputSpikes / vitals.Steps:F1}, branching factor {vitals.Branching:F2}, "
            + $"depression {vitals.LeastDepression:F3} to {vitals.MostDepression:F3}");
    }
}
