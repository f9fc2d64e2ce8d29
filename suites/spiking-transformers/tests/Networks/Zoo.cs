using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch.Testing;
using Suites.SpikingTransformers.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

/// <summary>Every spiking transformer so small that a pass takes milliseconds; thresholds are low, so that all layers fire.</summary>
static class Zoo
{
    public const int Side = 16, Classes = 3;

    public static IReadOnlyList<IModelFamily<LabeledImage, ClassPrediction>> Families { get; } =
    [
        new Spikformer(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125),
        new Spikingformer(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125),
        new Cml(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125),
        new SpikeDrivenTransformer(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125),
        new MetaSpikeformer(Width: 8, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.1, AttentionThreshold: 0.05),
        new Qkformer(Width: 32, Depth: 3, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125),
        new SpikingResformer(FirstWidth: 8, MiddleWidth: 8, Width: 16, HeadWidth: 8, MlpRatio: 2, GroupSize: 8, Steps: 3,
            Threshold: 0.25),
        new Sglformer(Width: 24, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125, Resolution: 0),
        new Semm(Width: 16, Depth: 1, Experts: 2, ExpertWidth: 8, MlpRatio: 2, Steps: 3, Threshold: 0.25),
        new Swformer(Width: 16, Depth: 1, Blocks: 4, MlpRatio: 2, Steps: 3, Threshold: 0.25, Resolution: 0),
        new Tim(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, Threshold: 0.25, AttentionThreshold: 0.125, Code: InputCode.Direct),
    ];

    public static TheoryData<string> Ids => [.. Families.Select(family => family.Card.Id)];

    public static IModelFamily<LabeledImage, ClassPrediction> Find(string id) => Families.Single(family => family.Card.Id == id);

    public static SpikingClassifier Network(object family, int side = Side) => SpikingImages.Classifier((IBackboneFamily)family,
        new(1, new(side, side)), Classes, new OperationLedger());

    public static Tensor Images(int count, int side = Side) => rand(count, 1, side, side);

    public static void Settle(SpikingClassifier network)
    {
        var images = Images(4);
        RunningStatistics.Settle(network, () => network.forward(images));
    }

    public static NetworkContract Contract(object family, int side = Side) => new(
        ((IModelFamily<LabeledImage, ClassPrediction>)family).Card.Id, () => Network(family, side), count => Images(count, side));

    /// <summary>The family with one knob changed; others stay as they are.</summary>
    public static object With(object family, string knob, object value)
    {
        var constructor = family.GetType().GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var values = parameters.Select(parameter => family.GetType().GetProperty(parameter.Name!)!.GetValue(family)).ToArray();
        values[Array.FindIndex(parameters, parameter => parameter.Name == knob)] = value;
        return constructor.Invoke(System.Reflection.BindingFlags.DoNotWrapExceptions, null, values, null);
    }

    /// <summary>The network with one knob changed, and a name of the change.</summary>
    public static (string, Func<nn.Module<Tensor, Tensor>>) Changed(object family, string knob, object value) =>
        ($"{knob} {value}", () => Network(With(family, knob, value)));

    public static bool Has(object family, string knob) => family.GetType().GetProperty(knob) is not null;
}
