using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Images;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>Detection on the backbone of <see cref="Spikformer"/>: each token says whether a box's middle lies in it, and which.</summary>
public sealed record SpikingDetector(
    [Range(8, 1024)] int Width = 64,
    [property: Range(1, 32)] int Depth = 1,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    AttentionKind Attention = AttentionKind.Ssa,
    Recipe? Training = null)
    : IModelFamily<BoxedScene, BoxesPrediction>
{
    public int Width { get; } = Transformers.Checked(Width, Heads);

    public Recipe Training { get; init; } = Training ?? new(Epochs: 6, BatchSize: 32, LearningRate: 4e-3, WeightDecay: 0.05, Warmup: 0.1);

    public FamilyCard Card => new("spikformer-detector", 1, "Spikformer with a detection head")
    {
        Kind = "spiking",
        Summary = "The tokens of Spikformer, one frame a step, and a linear layer that gives each token a box and a class.",
        Paper = "Zhou et al.: Spikformer, ICLR 2023; head as in Redmon et al.: You only look once, CVPR 2016",
        Link = "https://arxiv.org/abs/2209.15425",
        Equations = """
            (p, x, y, w, h, c) = W mean over t of token + b
            box: middle (column + s(x), row + s(y)) patch, size (s(w), s(h)) side, s the logistic function; score s(p) max softmax(c)
            of boxes that overlap by half or more the surest is kept
            """,
    };

    public IModel<BoxedScene, BoxesPrediction> Prepare(TrainingData<BoxedScene> data, RunContext context)
    {
        var frames = SceneFrames.Of(data);
        var classes = data.Training.SelectMany(scene => scene.Boxes).Select(box => box.Label).DefaultIfEmpty(0).Max() + 1;
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        IBackboneFamily family = new Spikformer(Width, Depth, Heads, Steps: frames.Steps, Threshold: Threshold, Attention: Attention);
        var backbone = family.Backbone(new(1, new(frames.Height, frames.Width)), null, ledger);
        var code = new BoxCode(frames.Width / backbone.Grid.Columns, frames.Width, classes);
        var network = new TokenHead(family.Axes, backbone, code.Outputs, ledger);
        return NetworkModel<BoxedScene, BoxesPrediction>.Train(network, frames, code.Read,
            new BoxObjective(network, frames, code, backbone.Grid), data, Training, context, ledger);
    }
}
