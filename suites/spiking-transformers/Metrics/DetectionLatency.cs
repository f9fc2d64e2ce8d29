using Harness.Datasets.Events;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>How long a recording must be watched until its motion is seen for good.</summary>
public sealed record DetectionLatency : IMetric<FrameImages, MotionPrediction>
{
    /// <summary>Right answers in a row that are no accident.</summary>
    const int InARow = 5;

    public MetricCard Card => new("detection-latency", 1, "Latency to detection", "steps", Direction.Lower)
    {
        Definition = $"Steps of a recording up to and with the first of {InARow} in a row at which the class of the largest mean evidence "
            + "is right; all its steps where there are none. Mean over recordings.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<FrameImages, MotionPrediction> Begin() =>
        Tally.Mean<FrameImages, MotionPrediction>((sample, prediction) => Latency(prediction.Steps, sample.Label));

    static int Latency(IReadOnlyList<int> answers, int label)
    {
        var row = 0;
        for (var step = 0; step < answers.Count; step++)
        {
            row = answers[step] == label ? row + 1 : 0;
            if (row == InARow) return step + 2 - InARow;
        }
        return answers.Count;
    }
}
