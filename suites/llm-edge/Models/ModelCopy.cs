using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Models;

/// <summary>Copies of a model with other weights.</summary>
static unsafe class ModelCopy
{
    /// <param name="change">The packing and the values of a matrix, by its name in GGUF without <c>.weight</c>.</param>
    /// <param name="vectors">The values of a norm or a bias of a block, by its name in GGUF without <c>.weight</c>; null keeps
    /// them.</param>
    public static LanguageModel Of(LanguageModel model, Func<string, Matrix, (Packing Packing, float[] Values)> change,
        Func<string, float[], float[]>? vectors = null)
    {
        var memory = new List<IDisposable>();
        try
        {
            var embedding = Copy("token_embd", model.Embedding);
            return new(model.Shape, model.Tokenizer, embedding, model.Tied ? embedding : Copy("output", model.Classifier),
                [.. model.Layers.Select((layer, index) => CopyOf(layer, index))], model.FinalNorm, memory)
            { Name = model.Name };
        }
        catch
        {
            memory.ForEach(block => block.Dispose());
            throw;
        }

        Layer CopyOf(Layer layer, int index)
        {
            var copies = layer.Matrices.ToDictionary(named => named.Name, named => Copy($"blk.{index}.{named.Name}", named.Matrix));
            float[] Norm(string name, float[] values) => vectors?.Invoke($"blk.{index}.{name}", values) ?? values;
            float[]? Bias(string name, float[]? values) => values is null ? null : Norm($"{name}.bias", values);
            return layer with
            {
                AttentionNorm = Norm("attn_norm", layer.AttentionNorm), FeedForwardNorm = Norm("ffn_norm", layer.FeedForwardNorm),
                QueryBias = Bias("attn_q", layer.QueryBias), KeyBias = Bias("attn_k", layer.KeyBias),
                ValueBias = Bias("attn_v", layer.ValueBias),
                Query = copies["attn_q"], Key = copies["attn_k"], Value = copies["attn_v"], Output = copies["attn_output"],
                Gate = copies["ffn_gate"], Up = copies["ffn_up"], Down = copies["ffn_down"],
            };
        }

        Matrix Copy(string name, Matrix matrix)
        {
            var (packing, values) = change(name, matrix);
            if (!packing.Fits(matrix.Width)) packing = Packing.F16;
            return Packed(packing, values, matrix.Rows, matrix.Width, memory);
        }
    }

    public static Matrix Packed(Packing packing, ReadOnlySpan<float> values, int rows, int width, List<IDisposable> memory)
    {
        var bytes = packing.RowBytes(width);
        var block = new NativeBlock(rows * bytes);
        memory.Add(block);
        for (var row = 0; row < rows; row++)
            packing.Pack(values.Slice(row * width, width), new(block.Pointer + row * bytes, checked((int)bytes)));
        return new(packing, block.Pointer, rows, width);
    }
}
