using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// SEMM: Spikformer whose heads are experts that spikes of a router choose for each token. The published network for 32x32 images is
/// <c>Width: 384, Depth: 4, Experts: 4, ExpertWidth: 96, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="Experts">Experts of an attention.</param>
/// <param name="ExpertWidth">Features of a query and of the keys.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Embedding">What makes tokens of an image.</param>
/// <param name="Variant">STEP's queries fire by LIF of tau 2, threshold 1, whatever is configured.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Semm(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
    [property: Range(1, 64)] int Experts = 4,
    [property: Range(1, 1024)] int ExpertWidth = 16,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double AttentionScale = 0.125,
    EmbeddingKind Embedding = EmbeddingKind.Sps,
    ModelVariant Variant = ModelVariant.Published,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, ISequenceFamily
{
    public int Width { get; } = Transformers.Checked(Width, 1);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("semm", 1, "Spikformer with a mixture of experts")
    {
        Kind = "spiking",
        Summary = "Queries of several experts on shared keys and values, and a perceptron whose one half gates the other: both chosen by "
            + "spikes.",
        Paper = "Zhou et al.: Spiking Transformer with Experts Mixture, NeurIPS 2024",
        Link = "https://openreview.net/forum?id=WcIeEtY3AG",
        Equations = """
            tokens as Spikformer
            q_i = SN(BN(W_i x + b_i)) of each expert i, k, v = SN(BN(W x + b)), r = SN(BN(W x + b)) a spike for each token and expert
            y = sum over i of r_i . SN(scale q_i k^T v), x += SN(BN(W y + b))
            (u_1, u_2) = SN(BN(W_1 x + b_1)), x += SN(BN(W_2 (SN(BN(DW3(u_1))) . u_2) + b_2))
            both depth times
            y = W mean over tokens and t of x + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            DW3: one 3x3 kernel for each channel
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
        var queries = Variant == ModelVariant.Published ? rules : NeuronRules.Of(NeuronKind.Lif, 2, 1, Surrogate.Sigmoid, 4, Steps);
        return new TokenBackbone(Width, tokens, Enumerable.Range(1, Depth).Select(index => new ResidualBlock($"block{index}",
            new ExpertAttention($"block{index}.attention", Width, Experts, ExpertWidth, AttentionScale, rules, queries, ledger),
            new GatedPerceptron($"block{index}", Width, MlpRatio, tokens.Grid, rules, ledger))));
    }
}
