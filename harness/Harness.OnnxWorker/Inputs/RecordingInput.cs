using Harness.Datasets.Events;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker.Inputs;

/// <summary>Recordings of event cameras in time bins: step, channel, row, column.</summary>
sealed class RecordingInput : INetworkInput<FrameImages>
{
    public static TensorElementType Element => TensorElementType.Float;
    public static IReadOnlyList<string> Axes { get; } = ["step", "channel", "row", "column"];
    public static int? ChannelAxis => 1;

    public static int[] Shape(FrameImages sample) => [sample.Steps, sample.Channels, sample.Height, sample.Width];

    public static void Write(FrameImages sample, Span<float> values) => StoredBytes.Widen(sample.Values.Span, values);
}
