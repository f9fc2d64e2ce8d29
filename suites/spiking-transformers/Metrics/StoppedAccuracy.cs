using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of positions that are answered rightly if thinking ends with the first tick that is certain enough.</summary>
public sealed record StoppedAccuracy : IMetric<BitSequence, TickedBits>
{
    public MetricCard Card => new("stopped-accuracy", 1, "Accuracy when stopped", "share", Direction.Higher)
    {
        Definition = "Positions whose answer at the tick of stopped-ticks is right, divided by all positions.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<BitSequence, TickedBits> Begin() => TickTally.Of((sequence, said) =>
        sequence.RightBits(said.Answers[StoppedTicks.Last(said)]) / (double)sequence.Length);
}
