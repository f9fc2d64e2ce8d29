using Harness.Datasets.Images;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Mean over classes of the average precision at an overlap of one half.</summary>
public sealed record MeanAveragePrecision : IMetric<BoxedScene, BoxesPrediction>
{
    public MetricCard Card => new("map50", 1, "mAP@0.5", "share", Direction.Higher)
    {
        Definition = "Mean over classes of the area under the precision-recall curve, precision made falling (PASCAL VOC 2010); a box is "
            + "found by the surest answer of its class that overlaps it by half or more.",
    };

    public ITally<BoxedScene, BoxesPrediction> Begin() => new Tally();

    sealed class Tally : ITally<BoxedScene, BoxesPrediction>
    {
        readonly AveragePrecision precision = new();

        public void Add(BoxedScene sample, BoxesPrediction prediction) => precision.Add(sample.Boxes, prediction.Found);

        public double Total() => precision.Mean();
    }
}
