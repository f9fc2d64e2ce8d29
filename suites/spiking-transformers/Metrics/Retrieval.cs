using Harness.Datasets;
using Harness.Datasets.Events;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Share of sounds that find their image, among classes that training had or among those it never had.</summary>
public sealed record Retrieval(bool Seen) : IMetric<SoundWithImages, ClassPrediction>
{
    public MetricCard Card => new(Seen ? "seen-retrieval" : "unseen-retrieval", 1, Seen ? "Retrieval, learned classes"
        : "Retrieval, classes never learned", "share", Direction.Higher)
    {
        Definition = (Seen ? "Of the sounds of classes that training had" : "Of the sounds of classes that training never had")
            + ", the share that finds the image of its class among one image of each of these classes; chance is one over their number.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<SoundWithImages, ClassPrediction> Begin() => Tally.Ratio<SoundWithImages, ClassPrediction>((sample, prediction) =>
        sample.Seen != Seen ? (0, 0) : (prediction.Label == sample.Label ? 1 : 0, 1));
}
