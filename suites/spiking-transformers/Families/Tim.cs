using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// TIM: Spikformer whose queries remember earlier steps, for event cameras and coded images. The published network for 64x64 frames is
/// <c>Width: 256, Depth: 2, Heads: 16, Steps: 10, Embedding: Event, AttentionScale: 0.25</c>.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionThreshold">Firing threshold of the attention's own neurons.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Share">How much of the past a query takes.</param>
/// <param name="Embedding">What makes tokens of an image.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Tim(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 1,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 64)] int Steps = 4,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Rate,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionThreshold = 0.5,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionScale = 0.25,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double Share = 0.5,
    EmbeddingKind Embedding = EmbeddingKind.Sps,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, ISequenceFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("tim", 1, "TIM")
    {
        Kind = "spiking",
        Summary = "Spikformer with a temporal interaction module: the queries of a step are mixed with a convolution of those before.",
        Paper = "Shen et al.: TIM: An Efficient Temporal Interaction Module for Spiking Transformer, IJCAI 2024",
        Link = "https://arxiv.org/abs/2401.11687",
        Equations = """
            tokens, perceptrons and readout as Spikformer; for event cameras all four convolutions are pooled
            q, k, v = SN(BN(W x)), q'_0 = q_0, q'_t = SN(a SN(C5(q'_(t-1))) + (1 - a) q_t), a = share
            x += SN(BN(W SN_a(scale q' k^T v))), depth times with x += MLP(x)
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C5: convolution of 5 with bias along the features of a head, whose channels are the tokens
            """,
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => SpikingImages.Describe(this, sample, classes);

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        SpikingImages.Prepare(this, data, Augmentation, Training, context);

    SpikingAxes IBackboneFamily.Axes => new(Steps, Neuron, Tau, Threshold, Surrogate, Slope, Code, Resolution);

    Backbone IBackboneFamily.Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger)
    {
        var rules = ((IBackboneFamily)this).Axes.Rules;
        var tokens = Networks.Embeddings.Embedding.Of(embedding ?? (input.IsSequence ? EmbeddingKind.Sequence : Embedding), input, Width,
            rules, ledger);
        var shape = new AttentionShape(Width, Heads, AttentionScale, AttentionThreshold, tokens.Grid, Bias: false, OutputBias: false);
        return new TokenBackbone(Width, tokens, Enumerable.Range(1, Depth).Select(index => new ResidualBlock($"block{index}",
            Attention.Temporal($"block{index}.attention", shape, Share, rules, ledger),
            new Perceptron($"block{index}", Width, MlpRatio, Residual.Spikes, rules, ledger))));
    }
}
