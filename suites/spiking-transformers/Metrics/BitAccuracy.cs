using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of positions that are answered rightly at the most certain tick.</summary>
public sealed record BitAccuracy : IMetric<BitSequence, TickedBits>
{
    public MetricCard Card => new("bit-accuracy", 1, "Accuracy of positions", "share", Direction.Higher)
    {
        Definition = "Positions whose answer at the first tick of the greatest certainty is right, divided by all positions.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<BitSequence, TickedBits> Begin() => TickTally.Of((sequence, said) =>
        sequence.RightBits(said.Answers[said.MostCertain]) / (double)sequence.Length);
}
