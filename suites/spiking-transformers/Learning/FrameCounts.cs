using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Frames of counts as [samples, steps, channels]: the square root, which makes the spread of a Poisson count the same whatever its mean
/// (Bartlett 1936).
/// </summary>
sealed record FrameCounts(int Steps, int Channels) : IEncoder<FrameSequence>
{
    public static FrameCounts Of(TrainingData<FrameSequence> data) => new(data.Training[0].Steps, data.Training[0].Channels);

    public Tensor Encode(IReadOnlyList<FrameSequence> samples)
    {
        using var bytes = zeros([samples.Count, Steps, Channels], uint8);
        var target = bytes.bytes;
        var length = Steps * Channels;
        for (var index = 0; index < samples.Count; index++)
            samples[index].Fitting(Steps, Channels).CopyTo(target.Slice(index * length, length));
        return bytes.to(float32).sqrt_();
    }

    public Tensor EncodeVaried(IReadOnlyList<FrameSequence> samples, SampleOrder chance) => Encode(samples);
}

static class Frames
{
    /// <summary>The values of a sequence that has the size a model was made for.</summary>
    public static ReadOnlySpan<byte> Fitting(this FrameSequence frames, int steps, int channels) =>
        (frames.Steps, frames.Channels) == (steps, channels) ? frames.Values.Span
        : throw new HarnessException($"A sequence is [{frames.Steps}, {frames.Channels}], but the model was made for "
            + $"[{steps}, {channels}]; give all sequences of a dataset one size.");
}
