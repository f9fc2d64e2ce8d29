using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// SpikingResformer: a residual network of three stages with an attention between places and patches. The published Ti for 32x32 images is
/// <c>FirstWidth: 64, MiddleWidth: 192, Width: 384, HeadWidth: 64, GroupSize: 64, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="FirstWidth">Channels of the first stage.</param>
/// <param name="MiddleWidth">Channels of the second stage.</param>
/// <param name="Width">Channels of the third stage.</param>
/// <param name="HeadWidth">Channels of a head; all widths are multiples of it.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="GroupSize">Channels of a group of the perceptrons' 3x3 convolutions.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="Variant">
/// STEP takes L for images of 224 pixels, whatever they are, and gives the perceptrons' neurons alone the configured tau.
/// </param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record SpikingResformer(
    [property: Range(8, 1024)] int FirstWidth = 8,
    [property: Range(8, 1024)] int MiddleWidth = 24,
    [property: Range(8, 1024)] int Width = 48,
    [property: Range(1, 1024)] int HeadWidth = 8,
    [property: Range(1, 8)] int MlpRatio = 4,
    [property: Range(1, 1024)] int GroupSize = 16,
    [property: Range(1, 64)] int Steps = 2,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    NeuronKind Neuron = NeuronKind.Lif,
    InputCode Code = InputCode.Direct,
    ModelVariant Variant = ModelVariant.Published,
    [property: Range(0, 512)] int Resolution = 0,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, IRecordingFamily
{
    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("spikingresformer", 1, "SpikingResformer")
    {
        Kind = "spiking",
        Summary = "Membrane residuals on maps, dual spike self-attention scaled by running firing rates, and perceptrons with grouped "
            + "convolutions.",
        Paper = "Shi et al.: SpikingResformer: Bridging ResNet and Vision Transformer in Spiking Neural Networks, CVPR 2024",
        Link = "https://arxiv.org/abs/2403.14302",
        Equations = """
            x = BN(C3(pixels / 255)); before stages 2 and 3 x = BN(C3 of stride 2 (SN(x))); 1, 2 and 3 blocks, patches p = 4, 2, 1
            s = SN(x), (y_1, y_2) = BN(P(s)), P a convolution of side and stride p, per head of width d
            A = SN(y_1^T s / sqrt(f_s d)), x += BN(C1(SN(y_2 A / sqrt(f_A L)))), L = sides / p squared, f running firing rates
            u = BN(C1(SN(x))), u += BN(C3 in groups (SN(u))), x += BN(C1(SN(u)))
            y = W mean over places and t of x + b
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C3, C1: 3x3 and 1x1 convolutions without bias
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
        int[] widths = [FirstWidth, MiddleWidth, Width];
        var (grid, layers) = (input.Grid, new List<Layer>());
        for (var stage = 0; stage < widths.Length; stage++)
        {
            if (stage > 0)
            {
                layers.Add(Down(stage + 1, widths[stage - 1], widths[stage], rules, ledger));
                grid = grid.Halved;
            }
            for (var index = 1; index <= stage + 1; index++)
                layers.Add(Block($"block{stage + 1}_{index}", widths[stage], stage, grid, rules, ledger));
        }
        return new MapBackbone(Width, grid, new ConvNorm("stem", new(input.Channels, FirstWidth), 1, ledger), layers);
    }

    static Chain Down(int stage, int inputs, int outputs, NeuronRules rules, OperationLedger ledger) => new($"down{stage}",
        new Neurons($"down{stage}.input", rules, ledger),
        new ConvNorm($"down{stage}.convolution", new(inputs, outputs, Stride: 2), rules.Unit, ledger));

    ResidualBlock Block(string name, int width, int stage, Grid grid, NeuronRules rules, OperationLedger ledger)
    {
        if (width % HeadWidth != 0) throw new HarnessException($"A width of {width} cannot be split into heads of {HeadWidth} features.");
        var (patch, coded) = (4 >> stage, Variant == ModelVariant.StepAsCoded);
        // 224 pixels, halved by each stage before: in units of a patch always 56.
        var side = 224 / (1 << stage) / patch;
        var attention = coded ? NeuronRules.Of(Neuron, 2, Threshold, Surrogate, Slope, Steps) : rules;
        return new(name, new DualAttention($"{name}.attention", width, width / HeadWidth, patch, coded ? side * side : null, grid,
            attention, ledger), new GroupedPerceptron($"{name}.perceptron", width, MlpRatio, GroupSize, rules, ledger));
    }
}
