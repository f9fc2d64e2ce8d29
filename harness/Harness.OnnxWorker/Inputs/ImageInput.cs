using Harness.Datasets;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker.Inputs;

/// <summary>Images as PyTorch has them: channel, row, column.</summary>
sealed class ImageInput : INetworkInput<LabeledImage>
{
    public static TensorElementType Element => TensorElementType.Float;
    public static IReadOnlyList<string> Axes { get; } = ["channel", "row", "column"];
    public static int? ChannelAxis => 0;

    public static int[] Shape(LabeledImage sample) => [sample.Channels, sample.Height, sample.Width];

    public static void Write(LabeledImage sample, Span<float> values) => StoredBytes.Widen(sample.Pixels.Span, values);
}
