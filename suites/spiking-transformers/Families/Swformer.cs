using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// SWFormer: Haar wavelets and convolutions instead of attention. The published network for 32x32 images is <c>Width: 384, Depth: 4,
/// Blocks: 16, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Blocks"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="Blocks">Blocks of features with a matrix of their own.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Swformer(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 2,
    [property: Range(1, 64)] int Blocks = 4,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    [property: Range(0, 512)] int Resolution = 32,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, IRecordingFamily
{
    public int Width { get; } = Transformers.Checked(Width, Blocks);

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("swformer", 1, "Spiking wavelet transformer")
    {
        Kind = "spiking",
        Summary = "Membrane residuals; tokens mix in the frequency domain of a spiking Haar transform, beside two convolutions: no "
            + "attention.",
        Paper = "Fang et al.: Spiking Wavelet Transformer, ECCV 2024",
        Link = "https://arxiv.org/abs/2403.11138",
        Equations = """
            tokens as Spikformer, but the convolution for the position adds a membrane
            s = SN(x), z = SN(BN(H SN(s H^T))), H the normalised Haar wavelets
            z = SN(BN(B z)), B a matrix for each block of features, z = BN(H^T SN(z H))
            x += z + BN(C1(s)) + BN(C3(s)), one kernel for all blocks of features
            x += BN(W_2 SN(BN(W_1 SN(x) + b_1)) + b_2), both depth times
            y = W mean over tokens and t of x + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C1, C3: 1x1 and 3x3 convolutions with bias
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
        var tokens = new PatchSplitting(input, Width, [false, false, true, true], PoolOrder.AfterNeurons, rules, ledger,
            positionFires: false);
        return new TokenBackbone(Width, tokens, Enumerable.Range(1, Depth).Select(index => new ResidualBlock($"block{index}",
            new OnMap($"block{index}", new WaveletMixing($"block{index}.mixing", Width, Blocks, tokens.Grid, rules, ledger), tokens.Grid),
            new Perceptron($"block{index}", Width, MlpRatio, Residual.Membranes, rules, ledger))));
    }
}
