using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// The quantized non-spiking twin of <see cref="Spikformer"/>: a spiking network of T steps says as much per activation as one of
/// ceil(log2(T + 1)) bits, so that this is what spikes have to be compared with where energy is the question.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over <paramref name="Width"/>.</param>
/// <param name="Bits">Of weights, inputs of layers and both products of an attention; readout, norms and residuals stay float32.</param>
public sealed record QuantizedAnnVit(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(2, 8)] int Bits = 8,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? new(Epochs: 8, BatchSize: 64, LearningRate: 2e-3, WeightDecay: 0.05, Warmup: 0.1,
        LabelSmoothing: 0.1);

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("quantized-ann-vit", 1, "Quantized vision transformer (ANN)")
    {
        Kind = "ann",
        Summary = "The tiny vision transformer in whole numbers of few bits, trained with quantization: what spikes compete with.",
        Paper = "Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, CVPR 2018",
        Link = "https://arxiv.org/abs/1712.05877",
        Equations = """
            the network of ann-vit-tiny, in which every product x w of layers and attention is Q(x) Q(w)
            Q(x) = s round(min(max(x, -r), r) / s), s = r / (2^(bits - 1) - 1); 0 for -r and 2^bits - 1 where x is never below 0
            r of weights: their largest magnitude; r of activations: running mean of each training batch's largest magnitude
            backward: dQ/dx = 1 within the range, else 0
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) =>
        Circuits.Transformer(sample, new(sample[0].Size, classes, Width, Depth, Heads, MlpRatio));

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var pixels = Pixels.Of(data, Augmentation);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new VisionTransformer(new(pixels.Channels, classes, Width, Depth, Heads, MlpRatio), ledger, Bits);
        return Classifier.Train(network, pixels, data,
            Training, context, ledger);
    }
}
