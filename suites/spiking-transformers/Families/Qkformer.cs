using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// QKFormer: three stages of ever fewer and wider tokens; the first two choose tokens by queries alone. The published network for 32x32
/// images is <c>Width: 384, Depth: 4, Heads: 8, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="Width">Features of a token of the third stage; a multiple of 8 and of four times <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of all stages: one in each of the first two, the others in the third.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionThreshold">Firing threshold of the attention's own neurons.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Attention">How tokens of the third stage exchange what they know.</param>
/// <param name="Variant">STEP has 8 heads whatever is configured.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Qkformer(
    [Range(8, 1024)] int Width = 64,
    [property: Range(3, 32)] int Depth = 3,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionThreshold = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionScale = 0.125,
    AttentionKind Attention = AttentionKind.Ssa,
    ModelVariant Variant = ModelVariant.Published,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, IRecordingFamily
{
    public int Width { get; } = Transformers.Checked(Width, 4 * Heads);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("qkformer", 1, "QKFormer")
    {
        Kind = "spiking",
        Summary = "Hierarchical, spike residuals, and an attention linear in tokens and width: the queries of a token say whether its "
            + "keys pass.",
        Paper = "Zhou et al.: QKFormer: Hierarchical Spiking Transformer using Q-K Attention, NeurIPS 2024",
        Link = "https://arxiv.org/abs/2403.16552",
        Equations = """
            f = SN(BN(C3(pixels / 255))) of width/8, x = SN(BN(C3(f))) + SN(BN(C1(f))) of width/4
            next stage of doubled width: x = SN(MP(BN(C3(SN(BN(C3(x))))))) + SN(BN(C1 of stride 2 (x)))
            stages 1 and 2: q, k = SN(BN(W x)), QKA(x) = SN(BN(W (SN_a(sum of q over a head) . k) + b))
            stage 3, depth - 2 blocks: q, k, v = SN(BN(W x)), SSA(x) = SN(BN(W SN_a(scale q k^T v) + b))
            each block: x += attention(x), x += SN(BN(W_2 SN(BN(W_1 x + b_1)) + b_2))
            y = W mean over tokens and t of x + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C3, C1: 3x3 and 1x1 convolutions without bias; MP: 3x3 max pool of stride 2
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => SpikingImages.Describe(this, sample, classes);

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        SpikingImages.Prepare(this, data, Augmentation, Training, context);

    SpikingAxes IBackboneFamily.Axes => new(Steps, Neuron, Tau, Threshold, Surrogate, Slope, Code, Resolution);

    Backbone IBackboneFamily.Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger)
    {
        Embedding.RefuseSequence(Card, input, embedding);
        var axes = ((IBackboneFamily)this).Axes;
        var (rules, heads) = (axes.Rules, Variant == ModelVariant.StepAsCoded ? 8 : Heads);
        var (full, half) = (input.Grid, input.Grid.Halved);
        Layer[] layers =
        [
            Block(1, AttentionKind.Qk, Width / 4, heads, full, rules, ledger),
            new QkEmbedding("embedding2", Width / 2, rules, ledger),
            Block(2, AttentionKind.Qk, Width / 2, heads, half, rules, ledger),
            new QkEmbedding("embedding3", Width, rules, ledger),
            .. Enumerable.Range(3, Depth - 2).Select(index => Block(index, Attention, Width, heads, half.Halved, rules, ledger)),
        ];
        return new MapBackbone(Width, half.Halved, new QkPatches(input.Channels, Width / 4, rules, ledger), layers);
    }

    OnTokens Block(int index, AttentionKind kind, int width, int heads, Grid grid, NeuronRules rules, OperationLedger ledger) =>
        new($"block{index}", Blocks.One($"block{index}", MlpRatio, kind, Residual.Spikes,
            new AttentionShape(width, heads, AttentionScale, AttentionThreshold, grid, Bias: false), rules, ledger), grid);
}
