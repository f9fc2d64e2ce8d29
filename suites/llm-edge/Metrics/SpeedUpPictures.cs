using System.Globalization;
using Harness.Datasets.Formats;
using Harness.Datasets.Text;

namespace Suites.LlmEdge.Metrics;

/// <summary>Draws speed-up against sparsity: a dot for each stretch of tokens, from left to right the fewer gates are open.</summary>
static class SpeedUpPictures
{
    const int Width = 360, Height = 240, Margin = 8, Dot = 4;
    const byte Paper = 255, Grid = 225, Ink = 30;

    public static IReadOnlyList<Picture> Draw(IReadOnlyList<TextSample> texts, IReadOnlyList<TextPrediction> predictions)
    {
        var dots = predictions.Select(prediction => prediction.Offloading).OfType<Offloading.Running.OffloadingReport>()
            .SelectMany(report => report.OpenShares.Zip(report.SpeedUps)).ToArray();
        if (dots.Length == 0) return [];
        var (sparsest, densest) = (Down(dots.Min(dot => dot.First)), Up(dots.Max(dot => dot.First)));
        var most = Math.Max(1, Math.Ceiling(dots.Max(dot => dot.Second)));
        var pixels = new byte[Width * Height];
        Array.Fill(pixels, Paper);
        for (var level = 0; level <= most; level++) Paint(pixels, Margin, Across(level), Width - 2 * Margin, 1, Grid);
        foreach (var (open, speed) in dots)
            Paint(pixels, Margin + (int)((densest - open) / (densest - sparsest) * (Width - 2 * Margin - Dot)), Across(speed) - Dot / 2,
                Dot, Dot, Ink);
        var caption = string.Create(CultureInfo.InvariantCulture, $"Speed-up over streaming all weights, upwards from 0 to {most:F0} "
            + $"(a line for each 1), against the share of closed gates, from {1 - densest:P0} on the left to {1 - sparsest:P0} on the ")
            + string.Create(CultureInfo.InvariantCulture, $"right. Each of {dots.Length} dots is 64 tokens; virtual clock.");
        return [new("speed-up.png", caption, Width, Height) { Content = new RasterImage(pixels, 1, Height, Width).EncodePng() }];

        int Across(double speed) => Margin + (int)((most - speed) / most * (Height - 2 * Margin - 1));
    }

    static double Down(double share) => Math.Floor(100 * share) / 100;

    static double Up(double share) => Math.Max(Math.Floor(100 * share) + 1, 1) / 100;

    static void Paint(byte[] pixels, int left, int top, int width, int height, byte shade)
    {
        for (var row = Math.Max(0, top); row < Math.Min(Height, top + height); row++)
            Array.Fill(pixels, shade, row * Width + Math.Max(0, left), Math.Min(width, Width - Math.Max(0, left)));
    }
}
