using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// Spike-driven transformer, first version: attention by masks and sums, without a product of matrices. The published network for 32x32
/// images is <c>Width: 512, Depth: 2, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="Heads">Of attentions that have heads: sdsa has none.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionThreshold">Firing threshold of the attention's own neurons.</param>
/// <param name="AttentionScale">Factor of q k^T v, of attentions that have it.</param>
/// <param name="Attention">How tokens exchange what they know.</param>
/// <param name="Variant">In STEP the attention fires at the threshold of all layers, and blocks have tau 2 whatever is configured.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record SpikeDrivenTransformer(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
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
    AttentionKind Attention = AttentionKind.Sdsa,
    ModelVariant Variant = ModelVariant.Published,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, ISequenceFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("sdt", 1, "Spike-driven transformer")
    {
        Kind = "spiking",
        Summary = "Membrane residuals, and an attention of masks and column sums: no multiplication, and linear in tokens.",
        Paper = "Yao et al.: Spike-driven Transformer, NeurIPS 2023",
        Link = "https://arxiv.org/abs/2307.01694",
        Equations = """
            x_1 = SN(BN(C3(pixels / 255))), x_2 = SN(BN(C3(x_1))), x_3 = MP(SN(BN(C3(x_2)))), x_4 = MP(BN(C3(x_3)))
            tokens = x_4 + BN(C3(SN(x_4))); channels width/8, width/4, width/2, width, width
            s = SN(x), q, k, v = SN(BN(W s)), SDSA(x) = BN(W (q . SN_a(sum over tokens of k . v)) + b)
            x += SDSA(x), x += BN(W_2 SN(BN(W_1 SN(x) + b_1)) + b_2), depth times
            y = mean over t of W SN(mean over tokens of x) + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C3: 3x3 convolution without bias; MP: 3x3 max pool of stride 2
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => SpikingImages.Describe(this, sample, classes);

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        SpikingImages.Prepare(this, data, Augmentation, Training, context);

    SpikingAxes IBackboneFamily.Axes => new(Steps, Neuron, Tau, Threshold, Surrogate, Slope, Code, Resolution);

    Backbone IBackboneFamily.Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger)
    {
        var rules = ((IBackboneFamily)this).Axes.Rules;
        var tokens = Embedding.OrSequence(embedding, input, Width, rules, ledger, () => new DrivenSplitting(input, Width, rules, ledger));
        var coded = Variant == ModelVariant.StepAsCoded;
        var shape = new AttentionShape(Width, Heads, AttentionScale, coded ? Threshold : AttentionThreshold, tokens.Grid, Bias: false);
        var blocks = coded ? NeuronRules.Of(Neuron, 2, Threshold, Surrogate, Slope, Steps) : rules;
        return new TokenBackbone(Width, tokens, Blocks.Of(Depth, MlpRatio, Attention, Residual.Membranes, shape, blocks, ledger),
            new("last", rules, ledger));
    }
}
