using Harness.Datasets.Events;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Frames of an event camera as [samples, steps, channels, rows, columns]: counts up to <see cref="MostEvents"/>, over that. Varied: moved
/// by up to <paramref name="Shift"/> pixels in each direction, all frames alike.
/// </summary>
sealed record FramePixels(int Steps, int Channels, int Height, int Width, int Shift) : IEncoder<FrameImages>
{
    const int MostEvents = 4;

    public static FramePixels Of(TrainingData<FrameImages> data, int shift)
    {
        var first = data.Training[0];
        return new(first.Steps, first.Channels, first.Height, first.Width, shift);
    }

    public Tensor Encode(IReadOnlyList<FrameImages> samples) => Scaled(samples, null);

    public Tensor EncodeVaried(IReadOnlyList<FrameImages> samples, SampleOrder chance) => Scaled(samples, Shift == 0 ? null : chance);

    Tensor Scaled(IReadOnlyList<FrameImages> samples, SampleOrder? chance)
    {
        using var scope = NewDisposeScope();
        var bytes = zeros([samples.Count, Steps, Channels, Height, Width], uint8);
        var length = Steps * Channels * Height * Width;
        for (var index = 0; index < samples.Count; index++) Fitting(samples[index]).CopyTo(bytes.bytes.Slice(index * length, length));
        var values = chance is null ? bytes : stack(Enumerable.Range(0, samples.Count).Select(index => Moved(bytes[index], chance)));
        return values.clamp(0, MostEvents).to(float32).div_(MostEvents).MoveToOuterDisposeScope();
    }

    Tensor Moved(Tensor planes, SampleOrder chance)
    {
        var (down, right) = (chance.Below(2 * Shift + 1) - Shift, chance.Below(2 * Shift + 1) - Shift);
        var padded = nn.functional.pad(planes, [Shift, Shift, Shift, Shift]);
        return padded.narrow(2, Shift - down, Height).narrow(3, Shift - right, Width);
    }

    ReadOnlySpan<byte> Fitting(FrameImages frames) =>
        (frames.Steps, frames.Channels, frames.Height, frames.Width) == (Steps, Channels, Height, Width) ? frames.Values.Span
        : throw new HarnessException($"A recording is [{frames.Steps}, {frames.Channels}, {frames.Height}, {frames.Width}], but the model "
            + $"was made for [{Steps}, {Channels}, {Height}, {Width}]; give all recordings of a dataset one size.");
}
