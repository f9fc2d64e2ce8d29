using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// Spikformer, by default narrow and short enough to be trained on a processor in minutes. The published network for 32x32 images is
/// <c>Width: 384, Depth: 4, Heads: 12, Steps: 4, Threshold: 1</c>; with two steps, a lower threshold is needed for enough spikes.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over <paramref name="Width"/>.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="AttentionThreshold">Firing threshold of the neurons behind q k^T v.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="Embedding">What makes tokens of an image.</param>
/// <param name="Attention">How tokens exchange what they know.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Spikformer(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionThreshold = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionScale = 0.125,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    EmbeddingKind Embedding = EmbeddingKind.Sps,
    AttentionKind Attention = AttentionKind.Ssa,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, ISequenceFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe with { Epochs = 5 };

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("spikformer", 1, "Spikformer")
    {
        Kind = "spiking",
        Summary = "Transformer of leaky integrate-and-fire neurons: convolutional tokens, self-attention on spikes without softmax.",
        Paper = "Zhou et al.: Spikformer: When Spiking Neural Network Meets Transformer, ICLR 2023",
        Link = "https://arxiv.org/abs/2209.15425",
        Equations = """
            x_1 = SN(BN(C3(pixels / 255))), x_2 = SN(BN(C3(x_1))), x_3 = MP(SN(BN(C3(x_2)))), x_4 = MP(SN(BN(C3(x_3))))
            tokens = x_4 + SN(BN(C3(x_4)))
            q, k, v = SN(BN(W x + b)), SSA(x) = SN(BN(W SN_a(scale q k^T v) + b))
            x += SSA(x), x += SN(BN(W_2 SN(BN(W_1 x + b_1)) + b_2)), depth times
            y = W mean over tokens and t of x + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            backward: dS/dH = surrogate'(H - threshold), reset detached
            C3: 3x3 convolution without bias, channels width/8, width/4, width/2, width, width; MP: 3x3 max pool of stride 2
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => SpikingImages.Describe(this, sample, classes);

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        SpikingImages.Prepare(this, data, Augmentation, Training, context);

    SpikingAxes IBackboneFamily.Axes => new(Steps, Neuron, Tau, Threshold, Surrogate, Slope, Code, Resolution);

    Backbone IBackboneFamily.Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger)
    {
        var rules = ((IBackboneFamily)this).Axes.Rules;
        var tokens = Networks.Embeddings.Embedding.Of(embedding ?? Embedding, input, Width, rules, ledger);
        var shape = new AttentionShape(Width, Heads, AttentionScale, AttentionThreshold, tokens.Grid);
        return new TokenBackbone(Width, tokens, Blocks.Of(Depth, MlpRatio, Attention, Residual.Spikes, shape, rules, ledger));
    }
}
