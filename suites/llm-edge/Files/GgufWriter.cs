using System.Text;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Files;

/// <summary>Writes a model as GGUF version 3, such that llama.cpp reads it too (for gatings other than SwiGLU see the
/// documentation).</summary>
public static class GgufWriter
{
    const uint Magic = 0x46554747;
    const uint Version = 3;
    const int Alignment = 32;

    enum Kind { UInt32 = 4, Int32 = 5, Single = 6, Flag = 7, Text = 8, Array = 9 }

    public static void Write(LanguageModel model, FileInfo file)
    {
        using var stream = file.Create();
        Write(model, stream);
    }

    public static void Write(LanguageModel model, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        var (metadata, tensors) = (Metadata(model).ToArray(), Tensors(model).ToArray());
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((ulong)tensors.Length);
        writer.Write((ulong)metadata.Length);
        foreach (var (key, value) in metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            Text(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Length);
            foreach (var length in tensor.Shape) writer.Write((ulong)length);
            writer.Write(tensor.Packing.Number);
            writer.Write((ulong)offset);
            offset += Aligned(tensor.Bytes);
        }
        Pad(writer, stream.Position);
        foreach (var tensor in tensors)
        {
            tensor.Write(writer);
            Pad(writer, tensor.Bytes);
        }
    }

    sealed record Tensor(string Name, long[] Shape, Packing Packing, long Bytes, Action<BinaryWriter> Write);

    static IEnumerable<Tensor> Tensors(LanguageModel model)
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

    static Tensor Of(string name, Matrix matrix) => new(name, [matrix.Width, matrix.Rows], matrix.Packing, matrix.Bytes, writer =>
    {
        for (var row = 0; row < matrix.Rows; row++) writer.Write(matrix.Row(row));
    });

    static Tensor Of(string name, float[] vector) => new(name, [vector.Length], Packing.F32, sizeof(float) * (long)vector.Length, writer =>
    {
        foreach (var value in vector) writer.Write(value);
    });

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

    static void Value(BinaryWriter writer, object value)
    {
        writer.Write((uint)KindOf(value));
        if (value is not Array items)
        {
            Plain(writer, value);
            return;
        }
        writer.Write((uint)(value switch { string[] => Kind.Text, float[] => Kind.Single, _ => Kind.Int32 }));
        writer.Write((ulong)items.Length);
        foreach (var item in items) Plain(writer, item);
    }

    static Kind KindOf(object value) => value switch
    {
        uint => Kind.UInt32, float => Kind.Single, bool => Kind.Flag, string => Kind.Text, _ => Kind.Array,
    };

    static void Plain(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool flag: writer.Write(flag); break;
            default: Text(writer, (string)value); break;
        }
    }

    static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    static void Pad(BinaryWriter writer, long length)
    {
        for (var missing = Aligned(length) - length; missing > 0; missing--) writer.Write((byte)0);
    }
}
