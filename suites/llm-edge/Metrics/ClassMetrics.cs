using Harness.Datasets;

namespace Suites.LlmEdge.Metrics;

/// <summary>Share of samples whose most likely class is the target.</summary>
public sealed record Accuracy : IMetric<ILabeled, ClassProbabilities>
{
    public MetricCard Card { get; } = new("accuracy", 1, "Accuracy", "share", Direction.Higher)
    {
        Definition = "Samples whose predicted class equals the target, divided by all samples.",
        Interval = IntervalRule.Wilson,
    };

    public ITally<ILabeled, ClassProbabilities> Begin() =>
        Tally.Share<ILabeled, ClassProbabilities>((sample, prediction) => prediction.Label() == sample.Label);
}

/// <summary>What pruning by a model of the loss makes small.</summary>
public sealed record CrossEntropy : IMetric<ILabeled, ClassProbabilities>
{
    // The smallest positive float: a probability below it is stored as 0.
    const double Least = 1.401298464324817e-45;

    public MetricCard Card { get; } = new("cross-entropy", 1, "Cross entropy", "nat", Direction.Lower)
    {
        Definition = "Mean of -ln p(target) over all samples; p is stored as a 32-bit float, so that no sample counts for more than 103.3.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<ILabeled, ClassProbabilities> Begin() => Tally.Mean<ILabeled, ClassProbabilities>((sample, prediction) =>
        -Math.Log(Math.Max(prediction.Values[sample.Label], Least)));
}
