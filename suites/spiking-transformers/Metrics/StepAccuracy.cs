using Harness.Datasets.Events;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of steps whose mean evidence over all places is largest for the right motion.</summary>
public sealed record StepAccuracy : IMetric<FrameImages, MotionPrediction>
{
    public MetricCard Card => new("step-accuracy", 1, "Accuracy of steps", "share", Direction.Higher)
    {
        Definition = "Steps at which the class of the largest mean evidence over all places is that of the recording, divided by all "
            + "steps.",
        Source = "Grimaldi and Perrinet 2023, section 2",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<FrameImages, MotionPrediction> Begin() => Tally.Ratio<FrameImages, MotionPrediction>((sample, prediction) =>
        (prediction.Steps.Count(answer => answer == sample.Label), prediction.Steps.Count));
}
