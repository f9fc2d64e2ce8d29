using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// Meta-SpikeFormer, the second spike-driven transformer: stages of convolutions, then of attention with re-parameterised convolutions. The
/// published network for ImageNet is <c>Width: 64, FirstStride: 2, Depth: 6, LastDepth: 2, Heads: 8</c> and 96 and 128 of width.
/// </summary>
/// <param name="Width">Channels of the second convolution block; later stages have 2, 4 and 5 times as many.</param>
/// <param name="Depth">Attention blocks of the third stage.</param>
/// <param name="LastDepth">Attention blocks of the fourth stage.</param>
/// <param name="Heads">Of both attention stages; 4 and 5 times the width are multiples of it.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="FirstStride">Of the first convolution: 1 keeps small images large enough.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionThreshold">Firing threshold of the attention's own neurons.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Attention">How tokens exchange what they know.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record MetaSpikeformer(
    [property: Range(2, 1024)] int Width = 16,
    [property: Range(1, 32)] int Depth = 1,
    [property: Range(1, 32)] int LastDepth = 1,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 2)] int FirstStride = 1,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionThreshold = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionScale = 0.125,
    AttentionKind Attention = AttentionKind.Sdsa3,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, IRecordingFamily
{
    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("meta-spikeformer", 1, "Meta-SpikeFormer")
    {
        Kind = "spiking",
        Summary = "Membrane residuals in four stages: two of separable and channel convolutions, two of spike-driven self-attention on "
            + "maps.",
        Paper = "Yao et al.: Spike-driven Transformer V2: Meta Spiking Neural Network Architecture Inspiring the Design of Next- "
            + "generation Neuromorphic Chips, ICLR 2024",
        Link = "https://arxiv.org/abs/2404.03663",
        Equations = """
            x = BN(C7(pixels / 255)), convolution block; x = BN(C3 of stride 2 (SN(x))), convolution block; of width/2, width
            x = BN(C3 of stride 2 (SN(x))) of 2 width, two convolution blocks
            x = BN(C3 of stride 2 (SN(x))) of 4 width, attention blocks; x = BN(C3(SN(x))) of 5 width, attention blocks
            convolution block: x += BN(C1(DW7(SN(BN(C1(SN(x))))))), x += BN(C3(SN(BN(C3(SN(x))))))
            attention block: s = SN(x), q, k, v = SN(BN(R(s))), x += BN(R(SN_a(scale q k^T v))), x += BN(W_2 SN(BN(W_1 SN(x) + b_1)) + b_2)
            R: BN(C1(DW3(BN(C1))))), which can be folded into one 3x3 convolution
            y = mean over t of W SN(mean over tokens of x) + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => SpikingImages.Describe(this, sample, classes);

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        SpikingImages.Prepare(this, data, Augmentation, Training, context);

    SpikingAxes IBackboneFamily.Axes => new(Steps, Neuron, Tau, Threshold, Surrogate, Slope, Code, Resolution);

    Backbone IBackboneFamily.Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger)
    {
        Embedding.RefuseSequence(Card, input, embedding);
        var rules = ((IBackboneFamily)this).Axes.Rules;
        var stem = new ConvShape(input.Channels, Width / 2, Kernel: 7, FirstStride, Bias: true);
        var grid = stem.Places(input.Grid).Halved.Halved.Halved;
        Layer[] layers =
        [
            Convolutions("block1", Width / 2, rules, ledger), Down("down1", Width / 2, Width, 2, rules, ledger),
            Convolutions("block2", Width, rules, ledger), Down("down2", Width, 2 * Width, 2, rules, ledger),
            Convolutions("block3", 2 * Width, rules, ledger), Convolutions("block4", 2 * Width, rules, ledger),
            Down("down3", 2 * Width, 4 * Width, 2, rules, ledger), .. Attentions(5, Depth, 4 * Width, grid, rules, ledger),
            Down("down4", 4 * Width, 5 * Width, 1, rules, ledger), .. Attentions(5 + Depth, LastDepth, 5 * Width, grid, rules, ledger),
        ];
        return new MapBackbone(5 * Width, grid, new ConvNorm("stem", stem, 1, ledger), layers, new("last", rules, ledger));
    }

    ResidualBlock Convolutions(string name, int width, NeuronRules rules, OperationLedger ledger) => new(name,
        new SeparableConvolution($"{name}.separable", width, rules, ledger),
        ChannelConvolution.Of($"{name}.channels", width, MlpRatio, rules, ledger));

    static Chain Down(string name, int inputs, int outputs, int stride, NeuronRules rules, OperationLedger ledger) => new(name,
        new Neurons($"{name}.input", rules, ledger),
        new ConvNorm($"{name}.convolution", new(inputs, outputs, Stride: stride, Bias: true), rules.Unit, ledger));

    IEnumerable<Layer> Attentions(int first, int depth, int width, Grid grid, NeuronRules rules, OperationLedger ledger)
    {
        var shape = new AttentionShape(width, Heads, AttentionScale, AttentionThreshold, grid, Bias: false);
        return Enumerable.Range(first, depth).Select(index => new OnTokens($"block{index}", Blocks.One($"block{index}", MlpRatio,
            Attention, Residual.Membranes, shape, rules, ledger), grid));
    }
}
