using Harness.Datasets;
using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// How an image becomes probabilities of spikes: each intensity over the sum of the image's, over the largest such share that the training
/// images have.
/// </summary>
sealed record ImageCurrents(int Pixels, double LargestShare)
{
    public static ImageCurrents Of(IReadOnlyList<LabeledImage> images)
    {
        var largest = images.Max(image => image.Pixels.Span.ToArray().Max() / Sum(image));
        return new(images[0].Pixels.Length, largest);
    }

    public double[] Probabilities(LabeledImage image)
    {
        if (image.Pixels.Length != Pixels)
            throw new HarnessException($"An image has {image.Pixels.Length} values, but the liquid was made for {Pixels}; give all images "
                + "one size.");
        var scale = Sum(image) * LargestShare;
        return [.. image.Pixels.Span.ToArray().Select(pixel => Math.Min(1, pixel / scale))];
    }

    /// <summary>Draws of an image are its own, whatever batch it comes in.</summary>
    public static SampleOrder Chance(LabeledImage image, int seed) => SampleOrder.Of(image.Pixels.Span, seed);

    static double Sum(LabeledImage image)
    {
        var sum = 0L;
        foreach (var pixel in image.Pixels.Span) sum += pixel;
        return Math.Max(1, sum);
    }
}
