using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>Images of one size as rows of pixels, 0..1.</summary>
sealed class PixelTable(IReadOnlyList<LabeledImage> images, int pixels)
{
    public int Count => images.Count;

    public int Pixels => pixels;

    /// <param name="into">[samples, pixels]</param>
    /// <returns>Labels.</returns>
    /// <exception cref="HarnessException">An image has another number of pixels.</exception>
    public int[] Read(ReadOnlySpan<int> samples, Span<float> into)
    {
        var labels = new int[samples.Length];
        for (var place = 0; place < samples.Length; place++)
        {
            var image = images[samples[place]];
            var from = image.Pixels.Span;
            var to = into.Slice(place * pixels, pixels);
            if (from.Length != pixels)
                throw new HarnessException($"An image has {from.Length} pixels, but the model was made for {pixels}; give all images of a "
                    + "dataset one size.");
            for (var pixel = 0; pixel < pixels; pixel++) to[pixel] = from[pixel] / 255f;
            labels[place] = image.Label;
        }
        return labels;
    }
}
