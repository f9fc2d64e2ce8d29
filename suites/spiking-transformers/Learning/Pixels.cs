using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Images as [samples, channels, rows, columns], intensity 0..1. Varied: moved by up to <paramref name="Shift"/> pixels in each direction
/// (black comes in), and with <paramref name="Flip"/> mirrored left to right in half of the cases.
/// </summary>
sealed record Pixels(int Channels, int Height, int Width, int Shift, bool Flip) : IEncoder<LabeledImage>
{
    public static Pixels Of(TrainingData<LabeledImage> data, int shift = 0, bool flip = false)
    {
        var first = data.Training[0];
        return new(first.Channels, first.Height, first.Width, shift, flip);
    }

    public int Count => Channels * Height * Width;

    public Tensor Encode(IReadOnlyList<LabeledImage> samples) =>
        Write(samples, (image, target) => Fitting(image).CopyTo(target));

    public Tensor EncodeVaried(IReadOnlyList<LabeledImage> samples, SampleOrder chance)
    {
        if (Shift == 0 && !Flip) return Encode(samples);
        return Write(samples, (image, target) => Copy(Fitting(image), target, Draw(chance), Draw(chance), Flip && chance.Below(2) == 1));
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

    int Draw(SampleOrder chance) => Shift == 0 ? 0 : chance.Below(2 * Shift + 1) - Shift;

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
