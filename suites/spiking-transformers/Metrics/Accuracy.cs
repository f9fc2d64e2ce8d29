using Harness.Datasets;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of samples whose predicted class is the target; not a number without samples.</summary>
public sealed record Accuracy : IMetric<ILabeled, ClassPrediction>
{
    public MetricCard Card => new("accuracy", 1, "Accuracy", "share", Direction.Higher)
    {
        Definition = "Samples whose predicted class equals the target, divided by all samples.",
        Interval = IntervalRule.Wilson,
    };

    public ITally<ILabeled, ClassPrediction> Begin() =>
        Tally.Share<ILabeled, ClassPrediction>((sample, prediction) => prediction.Label == sample.Label);
}
