using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of sequences all of whose positions are answered rightly at the most certain tick.</summary>
public sealed record SequenceAccuracy : IMetric<BitSequence, TickedBits>
{
    public MetricCard Card => new("sequence-accuracy", 1, "Accuracy of sequences", "share", Direction.Higher)
    {
        Definition = "Sequences without a wrong position at the first tick of the greatest certainty, divided by all sequences.",
        Interval = IntervalRule.Wilson,
    };

    public ITally<BitSequence, TickedBits> Begin() => TickTally.Of((sequence, said) =>
        sequence.RightBits(said.Answers[said.MostCertain]) == sequence.Length ? 1 : 0);
}
