using Harness.Datasets;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker.Inputs;

/// <summary>Frames one after another: step, channel.</summary>
sealed class SequenceInput : INetworkInput<FrameSequence>
{
    public static TensorElementType Element => TensorElementType.Float;
    public static IReadOnlyList<string> Axes { get; } = ["step", "channel"];
    public static int? ChannelAxis => 1;

    public static int[] Shape(FrameSequence sample) => [sample.Steps, sample.Channels];

    public static void Write(FrameSequence sample, Span<float> values) => StoredBytes.Widen(sample.Values.Span, values);
}
