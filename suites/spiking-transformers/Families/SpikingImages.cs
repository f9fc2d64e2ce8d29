using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Families;

/// <summary>Image classification by a spiking backbone, the same for every family.</summary>
static class SpikingImages
{
    /// <summary>How a backbone of default size learns MNIST on a processor.</summary>
    public static Recipe Recipe { get; } =
        new(Epochs: 3, BatchSize: 64, LearningRate: 4e-3, WeightDecay: 0.05, Warmup: 0.1, LabelSmoothing: 0.1);

    public static IModel<LabeledImage, ClassPrediction> Prepare(IBackboneFamily family, TrainingData<LabeledImage> data,
        Augmentation augmentation, Recipe recipe, RunContext context)
    {
        var classes = Classes.Of(data);
        var pixels = Pixels.Of(data, augmentation);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = Classifier(family, new(pixels.Channels, new(pixels.Height, pixels.Width)), classes, ledger);
        return Learning.Classifier.Train(network, pixels, data, recipe, context, ledger);
    }

    /// <summary>The untrained network, as <see cref="Prepare"/> makes it.</summary>
    public static SpikingClassifier Classifier(IBackboneFamily family, InputShape input, int classes, OperationLedger ledger)
    {
        var axes = family.Axes;
        return new(axes, family.Backbone(axes.Of(input), null, ledger), classes, ledger);
    }

    /// <param name="sample">Axes of an image: channel, row, column.</param>
    public static Circuit Describe(IBackboneFamily family, IReadOnlyList<WireAxis> sample, int classes)
    {
        // The network draws itself: its weights are made, but not used.
        TorchRuntime.Initialize();
        var input = new InputShape(sample[0].Size, new(sample[1].Size, sample[2].Size));
        using var network = Classifier(family, input, classes, new OperationLedger());
        return network.Draw(sample, classes);
    }
}
