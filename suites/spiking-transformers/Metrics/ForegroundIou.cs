using Harness.Datasets;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Pixels that are foreground in both over pixels that are in either, of all images together.</summary>
public sealed record ForegroundIou : IMetric<MaskedImage, MaskPrediction>
{
    public MetricCard Card => new("foreground-iou", 1, "Foreground IoU", "share", Direction.Higher)
    {
        Definition = "Intersection over union of predicted and true foreground, summed over the pixels of all images before dividing; 1 "
            + "where neither has any.",
    };

    public ITally<MaskedImage, MaskPrediction> Begin() => new Tally();

    sealed class Tally : ITally<MaskedImage, MaskPrediction>
    {
        long both;
        long either;

        public void Add(MaskedImage sample, MaskPrediction prediction)
        {
            for (var pixel = 0; pixel < sample.Mask.Length; pixel++)
            {
                var (one, other) = (sample.Mask.Span[pixel] == 1, prediction[pixel]);
                both += one && other ? 1 : 0;
                either += one || other ? 1 : 0;
            }
        }

        public double Total() => either == 0 ? 1 : (double)both / either;
    }
}
