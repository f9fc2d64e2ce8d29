using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// Multinomial logistic regression: of images on pixels 0..1, of sequences on ln(1 + count) of each token, of spike trains on the square
/// root of the count of each bin and channel.
/// </summary>
public sealed record LogisticRegression(
    Recipe? Training = null)
    : IModelFamily<LabeledImage, ClassPrediction>, IModelFamily<TokenSequence, ClassPrediction>,
        IModelFamily<FrameSequence, ClassPrediction>, ICircuitFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 256, LearningRate: 2e-3, WeightDecay: 0.01);

    public FamilyCard Card => new("logistic-regression", 1, "Logistic regression")
    {
        Kind = "classical",
        Summary = "One linear layer and a softmax, trained by AdamW on cross entropy; images as pixels, sequences as bags of tokens, "
            + "spike trains as counts in time bins.",
        Equations = "p = softmax(W x + b)\nimages: x = pixels / 255\nsequences: x_v = ln(1 + count of token v)\n"
            + "spike trains: x_tc = sqrt(count in bin t of channel c)",
    };

    public Circuit Describe(IReadOnlyList<WireAxis> sample, int classes) => Circuits.Readout(sample, classes, "logits");

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var pixels = Pixels.Of(data);
        return Train(data, pixels, pixels.Count, classes, context);
    }

    public IModel<TokenSequence, ClassPrediction> Prepare(TrainingData<TokenSequence> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var counts = TokenCounts.Of(data);
        return Train(data, counts, counts.Vocabulary, classes, context);
    }

    public IModel<FrameSequence, ClassPrediction> Prepare(TrainingData<FrameSequence> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var counts = FrameCounts.Of(data);
        return Train(data, counts, counts.Steps * counts.Channels, classes, context);
    }

    Classifier<TSample> Train<TSample>(TrainingData<TSample> data, IEncoder<TSample> encoder, int inputs, int classes, RunContext context)
        where TSample : ILabeled
    {
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        return Classifier.Train(new Readout("logits", inputs, classes, ledger), encoder, data,
            Training, context, ledger);
    }
}
