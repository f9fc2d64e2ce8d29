using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Frames as [samples, steps, channels], over the largest value of training: intensities and counts alike become 0..1.</summary>
sealed record FrameLevels(int Steps, int Channels, int Largest) : IEncoder<FrameSequence>
{
    public static FrameLevels Of(TrainingData<FrameSequence> data)
    {
        var largest = 1;
        foreach (var frames in data.Training)
            foreach (var value in frames.Values.Span)
                largest = Math.Max(largest, value);
        return new(data.Training[0].Steps, data.Training[0].Channels, largest);
    }

    public Tensor Encode(IReadOnlyList<FrameSequence> samples)
    {
        using var bytes = zeros([samples.Count, Steps, Channels], uint8);
        var target = bytes.bytes;
        var length = Steps * Channels;
        for (var index = 0; index < samples.Count; index++)
            samples[index].Fitting(Steps, Channels).CopyTo(target.Slice(index * length, length));
        return bytes.to(float32).div_(Largest);
    }

    public Tensor EncodeVaried(IReadOnlyList<FrameSequence> samples, SampleOrder chance) => Encode(samples);
}
