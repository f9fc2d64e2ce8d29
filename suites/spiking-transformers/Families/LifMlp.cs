using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>Spiking multi-layer perceptron: the smallest spiking network that is trained by surrogate gradients.</summary>
/// <param name="Hidden">Neurons of each hidden layer.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Steps">Time steps; the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
public sealed record LifMlp(
    [property: Range(1, 8192)] int Hidden = 512,
    [property: Range(1, 16)] int Depth = 2,
    [property: Range(1, 64)] int Steps = 4,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 1,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 15, BatchSize: 128, LearningRate: 2e-3, WeightDecay: 0.05,
        Warmup: 0.1, LabelSmoothing: 0.1);

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("lif-mlp", 1, "LIF-MLP")
    {
        Kind = "spiking",
        Summary = "Fully connected layers of leaky integrate-and-fire neurons under a constant current, trained by surrogate gradients.",
        Paper = "Neftci, Mostafa, Zenke: Surrogate gradient learning in spiking neural networks, IEEE Signal Processing Magazine, 2019",
        Link = "https://arxiv.org/abs/1901.09948",
        Equations = """
            x = pixels / 255, the same at each time step
            I_1[t] = BN(W_1 x + b_1), I_l[t] = BN(W_l s_{l-1}[t] + b_l)
            H[t] = V[t-1] + (I[t] - V[t-1]) / tau, s[t] = 1 where H[t] >= threshold, V[t] = (1 - s[t]) H[t]
            y = mean over t of (W s_L[t] + b)
            backward: ds/dH = surrogate'(H - threshold), reset detached
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) =>
        Circuits.Perceptron(sample, classes, Hidden, Depth, Steps, $"LIF, tau {Tau}, threshold {Threshold}");

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var pixels = Pixels.Of(data, Augmentation);
        var lif = new LifParameters((float)Tau, (float)Threshold, Surrogate: Surrogate, Slope: (float)Slope);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        return Classifier.Train(new SpikingPerceptron(pixels.Count, Hidden, Depth, Steps, classes, lif.Checked(), ledger), pixels, data,
            Training, context, ledger);
    }
}
