using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// CML: downsampling by which the gradient reaches the largest membrane, not any of several equal spikes. Convolution, norm, max pool,
/// neurons. The published network for 32x32 images is <c>Width: 384, Depth: 4, Heads: 12, Steps: 4, Threshold: 1</c>.
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
/// <param name="Attention">How tokens exchange what they know.</param>
/// <param name="Base">The network whose tokens are made this way.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Cml(
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
    AttentionKind Attention = AttentionKind.Ssa,
    CmlBase Base = CmlBase.Spikingformer,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, ISequenceFamily
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("cml", 1, "CML-Spikingformer")
    {
        Kind = "spiking",
        Summary = "Spikingformer or Spikformer whose tokens are pooled before the neurons instead of behind them.",
        Paper = "Zhou et al.: Enhancing the Performance of Transformer-based Spiking Neural Networks by SNN-optimized Downsampling with "
            + "Precise Gradient Backpropagation, 2023",
        Link = "https://arxiv.org/abs/2305.05954",
        Equations = """
            tokens of Spikingformer: x_3 = MP(BN(C3(SN(x_2)))), x_4 = MP(BN(C3(SN(x_3)))), tokens = BN(C3(SN(x_4)))
            tokens of Spikformer: x_3 = SN(MP(BN(C3(x_2)))), x_4 = SN(MP(BN(C3(x_3))))
            instead of MP(SN(...)); the rest as in the base
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
        var membranes = Base == CmlBase.Spikingformer;
        var tokens = Embedding.OrSequence(embedding, input, Width, rules, ledger, () => membranes
            ? new MembraneSplitting(input, Width, PoolOrder.BeforeNeurons, rules, ledger)
            : new PatchSplitting(input, Width, [false, false, true, true], PoolOrder.BeforeNeurons, rules, ledger));
        var shape = new AttentionShape(Width, Heads, AttentionScale, AttentionThreshold, tokens.Grid, Bias: !membranes);
        return new TokenBackbone(Width, tokens, Blocks.Of(Depth, MlpRatio, Attention, membranes ? Residual.Membranes : Residual.Spikes,
            shape, rules, ledger));
    }
}
