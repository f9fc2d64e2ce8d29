using Harness.Datasets;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker.Inputs;

/// <summary>Token ids as whole numbers, without padding: samples of different lengths run one by one.</summary>
sealed class TokenInput : INetworkInput<TokenSequence>
{
    public static TensorElementType Element => TensorElementType.Int64;
    public static IReadOnlyList<string> Axes { get; } = ["position"];
    public static int? ChannelAxis => null;

    public static int[] Shape(TokenSequence sample) => [sample.Tokens.Length];

    // Ids are far below 2^24, up to which float32 holds every whole number.
    public static void Write(TokenSequence sample, Span<float> values)
    {
        for (var at = 0; at < values.Length; at++) values[at] = sample.Tokens.Span[at];
    }
}
