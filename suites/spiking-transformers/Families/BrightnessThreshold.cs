using Harness.Datasets;

namespace Suites.SpikingTransformers.Families;

/// <summary>Foreground is what is brighter, in its brightest channel, than the threshold that is best on training. A control.</summary>
public sealed record BrightnessThreshold : IModelFamily<MaskedImage, MaskPrediction>
{
    public FamilyCard Card => new("brightness-threshold", 1, "Brightness threshold")
    {
        Kind = "control",
        Summary = "One threshold on the brightest channel of each pixel, the one with the best foreground IoU on training.",
        Equations = "foreground where max over channels of value >= threshold",
    };

    public IModel<MaskedImage, MaskPrediction> Prepare(TrainingData<MaskedImage> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no training images; a threshold needs at least one.");
        var (inside, outside) = (new long[256], new long[256]);
        foreach (var image in data.Training)
            for (var pixel = 0; pixel < image.Mask.Length; pixel++)
                (image.Mask.Span[pixel] == 1 ? inside : outside)[Brightest(image, pixel)]++;
        return new Model(Enumerable.Range(0, 256).MaxBy(threshold =>
        {
            var (found, wrong) = (inside.Skip(threshold).Sum(), outside.Skip(threshold).Sum());
            return (double)found / Math.Max(1, inside.Sum() + wrong);
        }));
    }

    static byte Brightest(MaskedImage image, int pixel)
    {
        byte value = 0;
        for (var channel = 0; channel < image.Channels; channel++)
            value = Math.Max(value, image.Pixels.Span[channel * image.Height * image.Width + pixel]);
        return value;
    }

    sealed class Model(int threshold) : IModel<MaskedImage, MaskPrediction>
    {
        public Footprint Footprint { get; } = new(1, 1, 8);

        public IReadOnlyList<MaskPrediction> Predict(IReadOnlyList<MaskedImage> batch) => [.. batch.Select(image => MaskPrediction.Of(
            [.. Enumerable.Range(0, image.Height * image.Width).Select(pixel => Brightest(image, pixel) >= threshold)]))];

        public OperationCounts Count(IReadOnlyList<MaskedImage> batch) => new([], batch.Count);

        public void Dispose() { }
    }
}
