using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>Classification of whole sequences and of recordings by a spiking backbone, the same for every family.</summary>
static class SpikingSequences
{
    /// <summary>Long Range Arena cuts its longest task off here.</summary>
    public const int LongestSequence = 4000;

    /// <summary>Numbers of a token's learned vector.</summary>
    public const int TokenFeatures = 32;

    public static IModel<TokenSequence, ClassPrediction> Prepare(IBackboneFamily family, TrainingData<TokenSequence> data, Recipe recipe,
        RunContext context)
    {
        var classes = Classes.Of(data);
        var tokens = TokenIds.Of(data, LongestSequence);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var features = Features(family);
        var network = new TokenClassifier(tokens.Vocabulary, tokens.Length, features,
            Classifier(family, new(features, new(1, tokens.Length)), classes, ledger));
        return Learning.Classifier.Train(network, tokens, data, recipe, context, ledger);
    }

    public static IModel<FrameSequence, ClassPrediction> Prepare(IBackboneFamily family, TrainingData<FrameSequence> data, Recipe recipe,
        RunContext context)
    {
        var classes = Classes.Of(data);
        var levels = FrameLevels.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = Classifier(family, new(levels.Channels, new(1, levels.Steps)), classes, ledger);
        return Learning.Classifier.Train(network, new WholeFrames(levels), data, recipe, context, ledger);
    }

    /// <summary>Recordings of an event camera: a frame is the input of one step.</summary>
    public static IModel<FrameImages, ClassPrediction> Prepare(IBackboneFamily family, TrainingData<FrameImages> data,
        Augmentation augmentation, Recipe recipe, RunContext context)
    {
        var classes = Classes.Of(data);
        var frames = FramePixels.Of(data, Shift(augmentation));
        if (frames.Steps != family.Axes.Steps)
            throw new UnsupportedException($"The recordings have {frames.Steps} frames, one for each step; set steps to {frames.Steps}, "
                + $"not {family.Axes.Steps}.");
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = SpikingImages.Classifier(family, new(frames.Channels, new(frames.Height, frames.Width)), classes, ledger);
        return Learning.Classifier.Train(network, frames, data, recipe, context, ledger);
    }

    static int Shift(Augmentation augmentation) => augmentation == new Augmentation(augmentation.Shift) ? augmentation.Shift
        : throw new UnsupportedException($"Recordings of event cameras are only moved, but {augmentation} is asked for; "
            + "leave the rest out.");

    static SpikingClassifier Classifier(IBackboneFamily family, InputShape input, int classes, OperationLedger ledger)
    {
        var axes = family.Axes;
        return new(axes, family.Backbone(axes.Of(input), EmbeddingKind.Sequence, ledger), classes, ledger);
    }

    static int Features(IBackboneFamily family)
    {
        if (family.Axes.Code != InputCode.Direct)
            throw new UnsupportedException($"Tokens are learned currents and no intensities: they cannot be coded by {family.Axes.Code}; "
                + "set code to direct.");
        return TokenFeatures;
    }
}
