using Harness.OnnxWorker.Format;

namespace Harness.OnnxWorker.Counting;

/// <summary>Multiply-accumulates of one operator (ONNX operator reference) from the shapes of its values.</summary>
static class MultiplyAccumulates
{
    static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "Conv", "ConvInteger", "ConvTranspose", "GRU", "Gemm", "LSTM", "MatMul", "MatMulInteger", "QLinearConv", "QLinearMatMul", "RNN",
    };

    static readonly HashSet<string> NotCounted = new(StringComparer.Ordinal)
    {
        "Attention", "DFT", "DeformConv", "Einsum", "STFT",
    };

    public static bool AreDoneBy(OnnxNode node) => Counted.Contains(node.Operator);

    /// <summary>False for operators outside ONNX, for branches and loops, and for products whose terms are not followed.</summary>
    public static bool AreKnownOf(OnnxNode node) => node is { IsStandard: true, Nests: false } && !NotCounted.Contains(node.Operator);

    /// <param name="shape">Of a value, by its name.</param>
    public static double Of(OnnxNode node, Func<string, long[]> shape)
    {
        long[] Input(int index) => shape(node.Inputs[index]);
        var output = Size(shape(Result(node)));
        return node.Operator switch
        {
            // Weights [outputs, inputs of a group, taps …]: every output sums over all but the first axis.
            "Conv" or "ConvInteger" => output * Size(Input(1)[1..]),
            "QLinearConv" => output * Size(Input(3)[1..]),
            // Weights [inputs, outputs of a group, taps …]: every input is spread over all but the first axis.
            "ConvTranspose" => Size(Input(0)) * Size(Input(1)[1..]),
            "Gemm" => output * Input(0)[node.Whole.GetValueOrDefault("transA") == 0 ? 1 : 0],
            "MatMul" or "MatMulInteger" or "QLinearMatMul" => output * Input(0)[^1],
            // Weights W [directions, gates, inputs] and R [directions, gates, hidden], once for each step and sample.
            _ => Input(0)[0] * Input(0)[1] * (Size(Input(1)) + Size(Input(2))),
        };
    }

    /// <summary>What a layer with weights connects; null for products without weights, recurrences and transposed convolutions.</summary>
    /// <param name="weighted">The last input holds weights, not a value of another node.</param>
    /// <param name="shape">Of a value, by its name.</param>
    public static LayerShape? ShapeOrNull(OnnxNode node, bool weighted, Func<string, long[]> shape)
    {
        var (input, output) = (shape(node.Inputs[0]), shape(Result(node)));
        return node.Operator switch
        {
            "Conv" or "ConvInteger" or "QLinearConv" => Convolution(node, input, output,
                shape(node.Inputs[node.Operator == "QLinearConv" ? 3 : 1])),
            "Gemm" => new((int)input[node.Whole.GetValueOrDefault("transA") == 0 ? 1 : 0], (int)output[0], (int)output[1], (int)output[0],
                Bias: node.Inputs.Count > 2),
            "MatMul" when weighted =>
                new((int)input[^1], (int)Size(input[..^1]), (int)output[^1], (int)Size(output[..^1])),
            _ => null,
        };
    }

    static LayerShape Convolution(OnnxNode node, long[] input, long[] output, long[] weights) => new((int)input[1], (int)Size(input[2..]),
        (int)output[1], (int)Size(output[2..]), (int)Size(weights[2..]), (int)node.Whole.GetValueOrDefault("strides", 1),
        (int)(input[1] / weights[1]), Bias: node.Inputs.Count > (node.Operator == "QLinearConv" ? 8 : 2));

    /// <summary>Name of the first result that the graph uses.</summary>
    public static string Result(OnnxNode node) => node.Outputs.First(name => name.Length > 0);

    public static string KindOf(OnnxNode node, bool weighted) => node.Operator switch
    {
        "Conv" or "ConvInteger" or "ConvTranspose" or "QLinearConv" => "conv",
        "GRU" or "LSTM" or "RNN" => "recurrence",
        _ => weighted ? "linear" : "attention",
    };

    static double Size(long[] shape) => shape.Aggregate(1.0, (size, axis) => size * axis);
}
