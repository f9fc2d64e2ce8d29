using Harness.Datasets.Places;
using Harness.Torch;

namespace Suites.PlaceRecognition.Tests;

static class Places
{
    /// <summary>A pattern of three waves for each place; noise on it makes a query.</summary>
    public static PlaceImage Waves(int place, int noise)
    {
        var (shape, chance) = (new SampleOrder(place), new SampleOrder(place * 31 + noise));
        var waves = Enumerable.Range(0, 3).Select(_ => (X: shape.Unit() - 0.5, Y: shape.Unit() - 0.5, Phase: 6 * shape.Unit())).ToArray();
        var pixels = new byte[28 * 28];
        for (var at = 0; at < pixels.Length; at++)
        {
            var level = waves.Sum(wave => Math.Sin(2 * wave.X * (at % 28) + 2 * wave.Y * (at / 28) + wave.Phase));
            pixels[at] = (byte)(100 + 30 * level + (noise == 0 ? 0 : chance.Below(noise)));
        }
        return new(pixels, 28, 28, place, noise == 0 ? "summer" : "winter", place);
    }
}
