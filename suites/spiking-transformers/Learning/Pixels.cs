using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Random changes of training images that keep the class.</summary>
/// <param name="Shift">Moved by up to so many pixels in each direction; black comes in.</param>
/// <param name="Flip">Mirrored left to right in half of the cases: for images whose mirror image is of the same class.</param>
/// <param name="Erasing">
/// Share of images in which a rectangle of 2 to 33 % of the area, of aspect 0.3 to 3.3, is made black (Zhong et al., AAAI 2020).
/// </param>
/// <param name="Brightness">Intensities are multiplied by a factor from 1 - this to 1 + this, cut off at white.</param>
public sealed record Augmentation(
    [property: Range(0, 64)] int Shift = 0,
    bool Flip = false,
    [property: Range(0.0, 1.0)] double Erasing = 0,
    [property: Range(0.0, 1.0)] double Brightness = 0);

/// <summary>Images as [samples, channels, rows, columns], intensity 0..1. Varied as <paramref name="Variation"/> says.</summary>
sealed record Pixels(int Channels, int Height, int Width, Augmentation Variation) : IEncoder<LabeledImage>
{
    const double LeastErased = 0.02, MostErased = 0.33, WidestAspect = 3.3;

    public static Pixels Of(TrainingData<LabeledImage> data, int shift = 0, bool flip = false) => Of(data, new(shift, flip));

    public static Pixels Of(TrainingData<LabeledImage> data, Augmentation variation)
    {
        var first = data.Training[0];
        return new(first.Channels, first.Height, first.Width, variation);
    }

    public int Count => Channels * Height * Width;

    public Tensor Encode(IReadOnlyList<LabeledImage> samples) =>
        Write(samples, (image, target) => Fitting(image).CopyTo(target));

    public Tensor EncodeVaried(IReadOnlyList<LabeledImage> samples, SampleOrder chance)
    {
        if (Variation == new Augmentation()) return Encode(samples);
        return Write(samples, (image, target) =>
        {
            Copy(Fitting(image), target, Draw(chance), Draw(chance), Variation.Flip && chance.Below(2) == 1);
            if (Variation.Brightness > 0) Light(target, 1 + Variation.Brightness * (2 * chance.Unit() - 1));
            if (Variation.Erasing > 0 && chance.Unit() < Variation.Erasing) Erase(target, chance);
        });
    }

    Tensor Write(IReadOnlyList<LabeledImage> samples, PixelWriter write)
    {
        using var bytes = zeros([samples.Count, Channels, Height, Width], uint8);
        var target = bytes.bytes;
        for (var index = 0; index < samples.Count; index++) write(samples[index], target.Slice(index * Count, Count));
        return bytes.to(float32).div_(byte.MaxValue);
    }

    delegate void PixelWriter(LabeledImage image, Span<byte> target);

    ReadOnlySpan<byte> Fitting(LabeledImage image) => (image.Channels, image.Height, image.Width) == (Channels, Height, Width)
        ? image.Pixels.Span
        : throw new HarnessException($"An image is [{image.Channels}, {image.Height}, {image.Width}], but the model was made for "
            + $"[{Channels}, {Height}, {Width}]; give all images of a dataset one size.");

    int Draw(SampleOrder chance) => Variation.Shift == 0 ? 0 : chance.Below(2 * Variation.Shift + 1) - Variation.Shift;

    static void Light(Span<byte> target, double factor)
    {
        foreach (ref var value in target) value = (byte)Math.Min(byte.MaxValue, Math.Round(value * factor));
    }

    // A rectangle that would not fit is cut to the image: no draw is rejected, so that every image costs the same draws.
    void Erase(Span<byte> target, SampleOrder chance)
    {
        var area = Height * Width * (LeastErased + (MostErased - LeastErased) * chance.Unit());
        var aspect = Math.Pow(WidestAspect, 2 * chance.Unit() - 1);
        var rows = Math.Clamp((int)Math.Round(Math.Sqrt(area * aspect)), 1, Height);
        var columns = Math.Clamp((int)Math.Round(Math.Sqrt(area / aspect)), 1, Width);
        var (top, left) = (chance.Below(Height - rows + 1), chance.Below(Width - columns + 1));
        for (var channel = 0; channel < Channels; channel++)
            for (var row = top; row < top + rows; row++) target.Slice((channel * Height + row) * Width + left, columns).Clear();
    }

    void Copy(ReadOnlySpan<byte> source, Span<byte> target, int down, int right, bool mirrored)
    {
        var (first, end) = (Math.Max(0, -right), Math.Min(Width, Width - right));
        for (var row = 0; row < Channels * Height; row++)
        {
            var from = row % Height - down;
            if (from < 0 || from >= Height || end <= first) continue;
            var moved = target.Slice(row * Width, Width);
            source.Slice((row - down) * Width + first, end - first).CopyTo(moved[(first + right)..]);
            if (mirrored) moved.Reverse();
        }
    }
}
