using Harness.Datasets.Events;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of places and steps at which the right motion is the likeliest.</summary>
public sealed record PositionAccuracy : IMetric<FrameImages, MotionPrediction>
{
    public MetricCard Card => new("position-accuracy", 1, "Accuracy of places", "share", Direction.Higher)
    {
        Definition = "Places and steps at which the likeliest class is that of the recording, divided by all places and steps, of all "
            + "recordings together; the first steps, which have seen little, count too.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<FrameImages, MotionPrediction> Begin() => Tally.Ratio<FrameImages, MotionPrediction>((sample, prediction) =>
        (sample.Label < prediction.Votes.Count ? prediction.Votes[sample.Label] : 0, prediction.Votes.Sum(votes => (double)votes)));
}
