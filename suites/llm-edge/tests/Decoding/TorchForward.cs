using Suites.LlmEdge.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Tests.Decoding;

/// <summary>
/// The whole decoder once more, as plain 32-bit tensors and written from the equations: all positions at once under a causal mask, heads
/// repeated, rotation as a product of complex numbers.
/// </summary>
static class TorchForward
{
    /// <summary>Logits [token, vocabulary].</summary>
    public static float[,] Of(LanguageModel model, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var shape = model.Shape;
        var x = Tensor(model.Embedding).index_select(0, tensor(tokens.Select(token => (long)token).ToArray()));
        var mask = full(tokens.Count, tokens.Count, float.NegativeInfinity).triu(1);
        var repeat = shape.Heads / shape.KeyHeads;
        foreach (var layer in model.Layers)
        {
            var normed = Norm(x, layer.AttentionNorm, shape.Epsilon);
            var query = Rotated(Heads(normed, layer.Query, layer.QueryBias, shape.Heads), shape);
            var key = Rotated(Heads(normed, layer.Key, layer.KeyBias, shape.KeyHeads), shape).repeat_interleave(repeat, 0);
            var value = Heads(normed, layer.Value, layer.ValueBias, shape.KeyHeads).repeat_interleave(repeat, 0);
            var attention = (query.matmul(key.transpose(1, 2)) / Math.Sqrt(shape.HeadWidth) + mask).softmax(-1).matmul(value);
            x = x + attention.transpose(0, 1).reshape(tokens.Count, shape.Width).matmul(Tensor(layer.Output).t());
            normed = Norm(x, layer.FeedForwardNorm, shape.Epsilon);
            x = x + Gated(shape.Gating, normed.matmul(Tensor(layer.Gate).t()), normed.matmul(Tensor(layer.Up).t()))
                .matmul(Tensor(layer.Down).t());
        }
        var logits = Norm(x, model.FinalNorm, shape.Epsilon).matmul(Tensor(model.Classifier).t());
        var (flat, result) = (logits.contiguous().data<float>().ToArray(), new float[tokens.Count, shape.Vocabulary]);
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(float));
        return result;
    }

    /// <summary>Mean negative log-likelihood of all tokens but the first.</summary>
    public static double Nats(LanguageModel model, IReadOnlyList<int> tokens)
    {
        var (logits, sum) = (Of(model, tokens), 0.0);
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var row = Enumerable.Range(0, model.Shape.Vocabulary).Select(id => (double)logits[i, id]).ToArray();
            sum += Math.Log(row.Sum(Math.Exp)) - row[tokens[i + 1]];
        }
        return sum;
    }

    static Tensor Tensor(Suites.LlmEdge.Kernels.Matrix matrix) => tensor(matrix.Unpacked()).reshape(matrix.Rows, matrix.Width);

    static Tensor Norm(Tensor x, float[] weight, float epsilon) => x * (x.square().mean([-1], true) + epsilon).rsqrt() * tensor(weight);

    static Tensor Gated(Gating gating, Tensor gate, Tensor up) => gating switch
    {
        Gating.Reglu => gate.relu() * up, Gating.Drelu => gate.relu() * up.relu(), _ => nn.functional.silu(gate) * up,
    };

    static Tensor Heads(Tensor x, Suites.LlmEdge.Kernels.Matrix matrix, float[]? bias, int heads)
    {
        var y = x.matmul(Tensor(matrix).t());
        if (bias is not null) y = y + tensor(bias);
        return y.reshape(x.shape[0], heads, -1).transpose(0, 1);
    }

    static Tensor Rotated(Tensor x, ModelShape shape)
    {
        var half = shape.HeadWidth / 2;
        var angles = arange(x.shape[1], ScalarType.Float64).outer(pow(shape.Base, arange(half,
            ScalarType.Float64) * (-2.0 / shape.HeadWidth)));
        var turn = polar(ones_like(angles), angles).to(ScalarType.ComplexFloat32);
        var pairs = shape.Rotation == Rotation.Neighbours ? x.reshape(x.shape[0], x.shape[1], half, 2)
            : x.reshape(x.shape[0], x.shape[1], 2, half).transpose(2, 3);
        var turned = view_as_real(view_as_complex(pairs.contiguous()) * turn);
        return (shape.Rotation == Rotation.Neighbours ? turned : turned.transpose(2, 3)).reshape(x.shape);
    }
}
