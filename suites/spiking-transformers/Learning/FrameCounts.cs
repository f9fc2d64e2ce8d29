using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Frames of counts as [samples, steps, channels]: ln(1 + count).</summary>
sealed record FrameCounts(int Steps, int Channels) : IEncoder<FrameSequence>
{
    public static FrameCounts Of(TrainingData<FrameSequence> data) => new(data.Training[0].Steps, data.Training[0].Channels);

    public Tensor Encode(IReadOnlyList<FrameSequence> samples)
    {
        using var bytes = zeros([samples.Count, Steps, Channels], uint8);
        var target = bytes.bytes;
        var length = Steps * Channels;
        for (var index = 0; index < samples.Count; index++)
            Fitting(samples[index]).CopyTo(target.Slice(index * length, length));
        return bytes.to(float32).log1p_();
    }

    public Tensor EncodeVaried(IReadOnlyList<FrameSequence> samples, SampleOrder chance) => Encode(samples);

    ReadOnlySpan<byte> Fitting(FrameSequence frames) => (frames.Steps, frames.Channels) == (Steps, Channels) ? frames.Values.Span
        : throw new HarnessException($"A sequence is [{frames.Steps}, {frames.Channels}], but the model was made for "
            + $"[{Steps}, {Channels}]; give all sequences of a dataset one size.");
}
