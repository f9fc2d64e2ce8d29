using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// SGLFormer: local convolutions, attention within parts of the map, then attention between all tokens; a head that weighs every token and
/// step. The published network for 32x32 images is <c>Width: 384, Depth: 1, Heads: 16, Steps: 4, Threshold: 1</c>.
/// </summary>
/// <param name="Width">Features of a token; a multiple of 12 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks of attention and perceptron.</param>
/// <param name="MlpRatio">Hidden width of a perceptron over its input's.</param>
/// <param name="Steps">Time steps; with direct code the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Neuron">The neurons of all layers.</param>
/// <param name="Code">How an image becomes the input of each step.</param>
/// <param name="AttentionThreshold">Firing threshold of the attention's own neurons.</param>
/// <param name="AttentionScale">Factor of q k^T v.</param>
/// <param name="Variant">STEP takes the queries for keys and values too, does not pool, and slides weights of 64 tokens over all.</param>
/// <param name="Resolution">Side to which images are scaled; 0 leaves them as they are.</param>
public sealed record Sglformer(
    [Range(8, 1536)] int Width = 36,
    [property: Range(1, 32)] int Depth = 1,
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
    ModelVariant Variant = ModelVariant.Published,
    [property: Range(0, 512)] int Resolution = 32,
    Recipe? Training = null,
    Augmentation? Augmentation = null)
    : IModelFamily<LabeledImage, ClassPrediction>, ICircuitFamily, IRecordingFamily
{
    public int Width { get; } = Width % 12 == 0 && Width % Heads == 0 ? Width
        : throw new ArgumentException($"width {Width} must be a multiple of 12 and of heads ({Heads}).", nameof(Width));

    public Recipe Training { get; init; } = Training ?? SpikingImages.Recipe;

    public Augmentation Augmentation { get; init; } = Augmentation ?? new(Shift: 1);

    public FamilyCard Card => new("sglformer", 1, "SGLFormer")
    {
        Kind = "spiking",
        Summary = "Spike residuals; each block goes from local convolutions over attention within parts to attention between all tokens.",
        Paper = "Zhang et al.: SGLFormer: Spiking Global-Local-Fusion Transformer with high performance, Frontiers in Neuroscience, 2024",
        Link = "https://doi.org/10.3389/fnins.2024.1371290",
        Equations = """
            x_1 = SN(BN(C3(pixels / 255))) of width/6, x_2 = SN(BN(C3(x_1))), x_3 = SN(BN(C3(x_2))) of width/4, width/2
            x_4 = SN(MP(BN(C3(x_3)))), x = SN(MP(BN(C3(x_4)))) of width
            u = x + SN(BN(DW3(x))), x += u + SN(BN(C1(SN(BN(DW3(SN(BN(C1(u))))))))
            x += SSA within each of 2x2 parts of the map, x += MLP(x), twice x += SSA(x), x += MLP(x); all of it depth times
            q, k, v = SN(BN(W x)), SSA(x) = SN(BN(W SN_a(scale q k^T v))), MLP(x) = SN(BN(W_2 SN(BN(W_1 x))))
            y = W BN(sum over tokens n and t of w_nt . x_nt + c) + b, w learned for each feature
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            C3, C1: 3x3 and 1x1 convolutions without bias; DW3: one 3x3 kernel for each channel; MP: 3x3 max pool of stride 2
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
        var grid = Variant == ModelVariant.Published ? input.Grid.Halved.Halved : input.Grid;
        Layer[] layers = [.. Tokens(rules, ledger),
            .. Enumerable.Range(1, Depth).Select(index => Block($"block{index}", grid, rules, ledger))];
        var body = new MapBackbone(Width, grid, new ConvNeurons("stem", new(input.Channels, Width / 6), rules, ledger), layers);
        return new GlobalLocalBackbone(body, Steps, Variant == ModelVariant.Published ? grid.Tokens : CodedTokens, ledger);
    }

    const int CodedTokens = 64;

    IEnumerable<Layer> Tokens(NeuronRules rules, OperationLedger ledger)
    {
        int[] widths = [Width / 6, Width / 4, Width / 2, Width, Width];
        for (var index = 1; index < widths.Length; index++)
        {
            var (name, shape) = ($"tokens{index}", new ConvShape(widths[index - 1], widths[index]));
            yield return index < 3 || Variant == ModelVariant.StepAsCoded ? new ConvNeurons(name, shape, rules, ledger)
                : new Chain(name, new ConvNorm(name, shape, rules.Unit, ledger), new Pooling($"{name}.pool"),
                    new Neurons($"{name}.lif", rules, ledger));
        }
    }

    ResidualBlock Block(string name, Grid grid, NeuronRules rules, OperationLedger ledger)
    {
        Layer Mlp(int index) => new OnTokens($"{name}.mlp{index}", new Perceptron($"{name}.mlp{index}", Width, MlpRatio,
            Residual.Spikes, rules, ledger, bias: false), grid);
        Layer Global(int index) => new OnTokens($"{name}.global{index}", Attend($"{name}.global{index}", grid, rules, ledger), grid);
        var partitioned = new PartitionedAttention($"{name}.parts", grid, part => Attend($"{name}.local_attention", part, rules, ledger));
        return new(name, new LocalBlock($"{name}.local", Width, rules, ledger), new OnTokens($"{name}.parts", partitioned, grid),
            Mlp(1), Global(1), Mlp(2), Global(2), Mlp(3));
    }

    Attention Attend(string name, Grid grid, NeuronRules rules, OperationLedger ledger)
    {
        var shape = new AttentionShape(Width, Heads, AttentionScale, AttentionThreshold, grid, Bias: false, OutputBias: false);
        return Variant == ModelVariant.Published ? Attention.Of(AttentionKind.Ssa, Residual.Spikes, name, shape, rules, ledger)
            : Attention.Repeated(name, shape, rules, ledger);
    }
}
