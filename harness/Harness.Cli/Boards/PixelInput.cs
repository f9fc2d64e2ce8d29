using Harness.Datasets;

namespace Harness.Cli.Boards;

/// <summary>An image as the input of a network, step by step.</summary>
sealed class PixelInput(LabeledImage image, PixelCode code, int seed)
{
    // Seeded by the image, so that an answer does not depend on what came before.
    readonly Random chance = new(HashCode(image, seed));

    /// <summary>The values of a further step, 0 to 1; spikes are ones.</summary>
    public double[] Next()
    {
        var pixels = image.Pixels.Span;
        var values = new double[pixels.Length];
        for (var pixel = 0; pixel < values.Length; pixel++)
        {
            if (code == PixelCode.Value) values[pixel] = pixels[pixel] / 255.0;
            else if (pixels[pixel] > 0 && chance.Next(255) < pixels[pixel]) values[pixel] = 1;
        }
        return values;
    }

    static int HashCode(LabeledImage image, int seed)
    {
        var hash = unchecked((uint)seed * 2654435761u);
        foreach (var pixel in image.Pixels.Span) hash = unchecked((hash ^ pixel) * 16777619u);
        return (int)(hash & int.MaxValue);
    }
}
