using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>The non-spiking twin of <see cref="Spikformer"/>: what spikes cost and what they save is the difference to it.</summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over <paramref name="Width"/>.</param>
public sealed record AnnVitTiny(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? new(Epochs: 8, BatchSize: 64, LearningRate: 2e-3, WeightDecay: 0.05, Warmup: 0.1,
        LabelSmoothing: 0.1);

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("ann-vit-tiny", 1, "Tiny vision transformer (ANN)")
    {
        Kind = "ann",
        Summary = "Spikformer's macro architecture without spikes: convolutional tokens, softmax attention, GELU, layer norm.",
        Paper = "Dosovitskiy et al.: An Image is Worth 16x16 Words, ICLR 2021; tokens as in Zhou et al.: Spikformer, ICLR 2023",
        Link = "https://arxiv.org/abs/2010.11929",
        Equations = """
            x_1 = R(BN(C3(pixels / 255))), x_2 = R(BN(C3(x_1))), x_3 = MP(R(BN(C3(x_2)))), x_4 = MP(R(BN(C3(x_3)))), R = max(0, .)
            tokens = x_4 + R(BN(C3(x_4)))
            q, k, v = W LN(x) + b, MSA(x) = W softmax(q k^T / sqrt(width / heads)) v + b
            x += MSA(x), x += W_2 GELU(W_1 LN(x) + b_1) + b_2, depth times
            y = W mean over tokens of LN(x) + b
            C3: 3x3 convolution without bias, channels width/8, width/4, width/2, width, width; MP: 3x3 max pool of stride 2
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
        var network = new VisionTransformer(new(pixels.Channels, classes, Width, Depth, Heads, MlpRatio), ledger);
        return Classifier.Train(network, pixels, data,
            Training, context, ledger);
    }
}
