using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Files;

/// <summary>Writes a model as GGUF version 3, such that llama.cpp reads it too (for gatings other than SwiGLU see the
/// documentation).</summary>
public static class GgufWriter
{
    const int Alignment = 32;

    public static void Write(LanguageModel model, FileInfo file)
    {
        using var stream = file.Create();
        Write(model, stream);
    }

    public static void Write(LanguageModel model, Stream stream) =>
        GgufStream.Write(stream, [.. Metadata(model)], [.. Tensors(model)], Alignment);

    static IEnumerable<GgufEntry> Tensors(LanguageModel model)
    {
        yield return Of("token_embd.weight", model.Embedding);
        if (!model.Tied) yield return Of("output.weight", model.Classifier);
        yield return Of("output_norm.weight", model.FinalNorm);
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            yield return Of($"blk.{i}.attn_norm.weight", layer.AttentionNorm);
            yield return Of($"blk.{i}.ffn_norm.weight", layer.FeedForwardNorm);
            foreach (var (name, matrix) in layer.Matrices) yield return Of($"blk.{i}.{name}.weight", matrix);
            foreach (var (name, bias) in new[] { ("attn_q", layer.QueryBias), ("attn_k", layer.KeyBias), ("attn_v", layer.ValueBias) })
                if (bias is not null) yield return Of($"blk.{i}.{name}.bias", bias);
        }
    }

    static GgufEntry Of(string name, Matrix matrix) => new(name, [matrix.Width, matrix.Rows], matrix.Packing.Number, matrix.Bytes, writer =>
    {
        for (var row = 0; row < matrix.Rows; row++) writer.Write(matrix.Row(row));
    });

    static GgufEntry Of(string name, float[] vector) => GgufEntry.Of(name, [vector.Length], vector);

    static IEnumerable<(string Key, object Value)> Metadata(LanguageModel model)
    {
        var (shape, tokenizer) = (model.Shape, model.Tokenizer);
        string Key(string name) => $"{shape.Architecture}.{name}";
        yield return ("general.architecture", shape.Architecture);
        if (model.Name is { } name) yield return ("general.name", name);
        yield return ("general.alignment", (uint)Alignment);
        yield return (Key("context_length"), (uint)shape.Context);
        yield return (Key("embedding_length"), (uint)shape.Width);
        yield return (Key("block_count"), (uint)shape.Layers);
        yield return (Key("feed_forward_length"), (uint)shape.Hidden);
        yield return (Key("attention.head_count"), (uint)shape.Heads);
        yield return (Key("attention.head_count_kv"), (uint)shape.KeyHeads);
        yield return (Key("attention.layer_norm_rms_epsilon"), shape.Epsilon);
        yield return (Key("rope.dimension_count"), (uint)shape.HeadWidth);
        yield return (Key("rope.freq_base"), shape.Base);
        if (shape.Gating != Gating.Swiglu) yield return (Key(GatingNames.Key), GatingNames.Of(shape.Gating));
        foreach (var (entry, value) in Vocabulary(tokenizer)) yield return ($"tokenizer.ggml.{entry}", value);
        if (tokenizer.End is { } end) yield return ("tokenizer.ggml.eos_token_id", (uint)end);
        if (tokenizer.Begin is { } begin) yield return ("tokenizer.ggml.bos_token_id", (uint)begin);
        yield return ("tokenizer.ggml.add_bos_token", tokenizer.Begin is not null);
    }

    static IEnumerable<(string Name, object Value)> Vocabulary(ITokenizer tokenizer)
    {
        switch (tokenizer)
        {
            case SentencePieceTokenizer pieces:
                yield return ("model", "llama");
                yield return ("scores", tokenizer.Tokens.Select(token => token.Score).ToArray());
                yield return ("add_space_prefix", pieces.Prefixed);
                break;
            case BytePairTokenizer pairs:
                yield return ("model", "gpt2");
                yield return ("pre", pairs.Splitting);
                yield return ("merges", pairs.Merges.ToArray());
                break;
            default: throw new HarnessException($"A {tokenizer.GetType().Name} has no form in GGUF.");
        }
        yield return ("tokens", tokenizer.Tokens.Select(token => token.Text).ToArray());
        yield return ("token_type", tokenizer.Tokens.Select(token => (int)token.Kind).ToArray());
    }
}
