using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Ticks that are needed if thinking ends with the first that is certain enough.</summary>
public sealed record StoppedTicks : IMetric<BitSequence, TickedBits>
{
    const double Enough = 0.9;

    public MetricCard Card => new("stopped-ticks", 1, "Ticks until certain", "ticks", Direction.Lower)
    {
        Definition = "Ticks up to and with the first whose certainty is 0.9 or more; all of them where none is. Mean over sequences.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<BitSequence, TickedBits> Begin() => TickTally.Of((_, said) => Last(said) + 1);

    /// <summary>The tick, from 0, with which thinking ends.</summary>
    internal static int Last(TickedBits said)
    {
        for (var tick = 0; tick < said.Certainties.Count; tick++)
            if (said.Certainties[tick] >= Enough) return tick;
        return said.Certainties.Count - 1;
    }
}
