using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>Segmentation on the backbone of <see cref="Spikformer"/>: each token says which pixels of its patch are foreground.</summary>
public sealed record SpikingSegmenter(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 1,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(1, 64)] int Steps = 4,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    AttentionKind Attention = AttentionKind.Ssa,
    Recipe? Training = null)
    : IModelFamily<MaskedImage, MaskPrediction>
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 8, LearningRate: 4e-3, WeightDecay: 0.05, Warmup: 0.1);

    public FamilyCard Card => new("spikformer-segmenter", 1, "Spikformer with a segmentation head")
    {
        Kind = "spiking",
        Summary = "The tokens of Spikformer and a linear layer that gives each token a logit for every pixel of its patch.",
        Paper = "Zhou et al.: Spikformer, ICLR 2023",
        Link = "https://arxiv.org/abs/2209.15425",
        Equations = "logits of a patch = W mean over t of token + b\nforeground where a logit is above 0\n"
            + "loss: cross entropy + 1 - (2 sum(s m) + 1) / (sum s + sum m + 1), s the logistic of the logits, m the mask",
    };

    public IModel<MaskedImage, MaskPrediction> Prepare(TrainingData<MaskedImage> data, RunContext context)
    {
        var pixels = MaskPixels.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        IBackboneFamily family = new Spikformer(Width, Depth, Heads, Steps: Steps, Threshold: Threshold, Attention: Attention);
        var backbone = family.Backbone(new(pixels.Channels, new(pixels.Height, pixels.Width)), null, ledger);
        var patch = pixels.Height / backbone.Grid.Rows;
        if ((patch * backbone.Grid.Rows, patch * backbone.Grid.Columns) != (pixels.Height, pixels.Width))
            throw new UnsupportedException($"Images of {pixels.Height}x{pixels.Width} pixels are no whole patches of a {backbone.Grid} "
                + "grid; give images whose sides are multiples of 4.");
        var network = new TokenHead(family.Axes, backbone, patch * patch, ledger);
        return NetworkModel<MaskedImage, MaskPrediction>.Train(network, pixels, tokens => PixelLogits.Read(tokens, patch),
            new MaskObjective(network, pixels, patch), data, Training, context, ledger);
    }
}
