using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Models;

/// <summary>Weights of one block; biases are null where the architecture has none.</summary>
sealed record Layer(Matrix Query, Matrix Key, Matrix Value, Matrix Output, Matrix Gate, Matrix Up, Matrix Down, float[] AttentionNorm,
    float[] FeedForwardNorm)
{
    public float[]? QueryBias { get; init; }
    public float[]? KeyBias { get; init; }
    public float[]? ValueBias { get; init; }

    public IEnumerable<(string Name, Matrix Matrix)> Matrices =>
    [
        ("attn_q", Query), ("attn_k", Key), ("attn_v", Value), ("attn_output", Output), ("ffn_gate", Gate), ("ffn_up", Up),
        ("ffn_down", Down),
    ];
}

/// <summary>A decoder's weights and its tokenizer. It may be read by several decoders at a time; dispose it after them.</summary>
public sealed class LanguageModel : IDisposable
{
    readonly IReadOnlyList<IDisposable> _memory;

    internal LanguageModel(ModelShape shape, ITokenizer tokenizer, Matrix embedding, Matrix classifier, IReadOnlyList<Layer> layers,
        float[] finalNorm, IReadOnlyList<IDisposable> memory)
    {
        (Shape, Tokenizer, Embedding, Classifier, Layers, FinalNorm) = (shape, tokenizer, embedding, classifier, layers, finalNorm);
        _memory = memory;
    }

    /// <summary>As its file names it; null where it does not.</summary>
    public string? Name { get; init; }

    public ModelShape Shape { get; }
    public ITokenizer Tokenizer { get; }
    internal Matrix Embedding { get; }
    /// <summary>The embedding itself where both are tied.</summary>
    internal Matrix Classifier { get; }
    internal IReadOnlyList<Layer> Layers { get; }
    internal float[] FinalNorm { get; }

    internal bool Tied => ReferenceEquals(Embedding, Classifier);

    IEnumerable<Matrix> Matrices => [Embedding, .. Tied ? Array.Empty<Matrix>() : [Classifier],
        .. Layers.SelectMany(layer => layer.Matrices.Select(named => named.Matrix))];

    IEnumerable<float[]> Vectors => [FinalNorm, .. Layers.SelectMany(layer => new[] { layer.AttentionNorm, layer.FeedForwardNorm,
        layer.QueryBias, layer.KeyBias, layer.ValueBias }.OfType<float[]>())];

    /// <summary>Learned numbers.</summary>
    public long Parameters => Matrices.Sum(matrix => matrix.Elements) + Vectors.Sum(vector => (long)vector.Length);

    /// <summary>Bytes of all weights as they are packed.</summary>
    public long Bytes => Matrices.Sum(matrix => matrix.Bytes) + Vectors.Sum(vector => sizeof(float) * (long)vector.Length);

    /// <summary>Of <see cref="Bytes"/> those of feed-forward matrices.</summary>
    public long FeedForwardBytes => Layers.Sum(layer => layer.Gate.Bytes + layer.Up.Bytes + layer.Down.Bytes);

    /// <summary>Bytes of weights that one decoded token reads: all of them, but of the embedding one row.</summary>
    public long BytesPerToken => Bytes - (Tied ? 0 : Embedding.Bytes - Embedding.RowBytes);

    /// <summary>The packing of most of its numbers.</summary>
    public Packing Packing => Matrices.GroupBy(matrix => matrix.Packing).MaxBy(group => group.Sum(matrix => matrix.Elements))!.Key;

    /// <summary>A GGUF file, mapped into memory: pages are read when they are used. It must not change meanwhile.</summary>
    /// <exception cref="DataFormatException">Damaged, or of an architecture or a packing that is not supported.</exception>
    public static LanguageModel Open(FileInfo file)
    {
        var mapped = new MappedFile(file);
        try
        {
            return GgufModel.Read(Gguf.Read(file), mapped, file.FullName);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    /// <summary>A llama2.c model with its vocabulary.</summary>
    /// <exception cref="DataFormatException">Both are not of the same size.</exception>
    public static LanguageModel Of(LlamaCheckpoint checkpoint, LlamaTokenizer tokenizer) => LlamaImport.Read(checkpoint, tokenizer);

    /// <summary>
    /// A copy with its matrices packed anew. As llama.cpp does, a matrix whose rows are no multiple of the packing's block becomes F16.
    /// </summary>
    public LanguageModel Repacked(Packing packing) => ModelCopy.Of(this, (_, matrix) => (packing, matrix.Unpacked()));

    public void Dispose()
    {
        foreach (var memory in _memory) memory.Dispose();
    }
}
