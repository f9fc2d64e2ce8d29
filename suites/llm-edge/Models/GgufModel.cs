using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Models;

/// <summary>Builds a model on the tensors of a GGUF file. Every number and every shape is checked before a kernel may trust it.</summary>
sealed unsafe class GgufModel
{
    static readonly string[] Architectures = ["llama", "qwen2"];

    readonly Gguf _file;
    readonly ITensorData _data;
    readonly string _name;
    readonly Dictionary<string, GgufTensor> _tensors;

    GgufModel(Gguf file, ITensorData data, string name) =>
        (_file, _data, _name, _tensors) = (file, data, name, file.Tensors.ToDictionary(tensor => tensor.Name));

    public static LanguageModel Read(Gguf file, ITensorData data, string name) => new GgufModel(file, data, name).Model();

    LanguageModel Model()
    {
        var metadata = new GgufMetadata(_file, _name);
        var architecture = metadata.Text("general.architecture");
        if (!Architectures.Contains(architecture))
            throw Wrong($"its architecture is '{Short(architecture)}'; supported are {string.Join(", ", Architectures)}");
        var tokenizer = GgufTokenizer.Read(metadata);
        var shape = Shape(metadata, architecture, tokenizer.Tokens.Count);
        if (shape.ProblemOrNull() is { } problem) throw Wrong(problem);
        // Vectors are copied, so tensors that share bytes could ask for far more memory than the file has.
        if (_file.Tensors.Sum(tensor => (decimal)tensor.Bytes) > _data.Length) throw Wrong("its tensors overlap");
        if (metadata.NumberOrNull($"{architecture}.rope.dimension_count") is { } turned && turned != shape.HeadWidth)
            throw Wrong($"it turns {turned} numbers of a head of {shape.HeadWidth}; supported is all of a head");
        if (metadata.TextOrNull($"{architecture}.rope.scaling.type") is not (null or "none")
            || _tensors.ContainsKey("rope_freqs.weight")) throw Wrong("it scales its rotary embedding, which is not supported");
        var embedding = Matrix("token_embd.weight", shape.Vocabulary, shape.Width);
        var classifier = _tensors.ContainsKey("output.weight") ? Matrix("output.weight", shape.Vocabulary, shape.Width) : embedding;
        var layers = Enumerable.Range(0, shape.Layers).Select(index => Block(index, shape)).ToArray();
        return new(shape, tokenizer, embedding, classifier, layers, Vector("output_norm.weight", shape.Width), [_data])
        { Name = metadata.TextOrNull("general.name") };
    }

    ModelShape Shape(GgufMetadata metadata, string architecture, int vocabulary)
    {
        int Number(string key) => metadata.Number($"{architecture}.{key}");
        var heads = Number("attention.head_count");
        return new(architecture, vocabulary, Number("context_length"), Number("embedding_length"), Number("feed_forward_length"),
            Number("block_count"), heads, metadata.NumberOrNull($"{architecture}.attention.head_count_kv") ?? heads,
            metadata.Real($"{architecture}.attention.layer_norm_rms_epsilon"), metadata.RealOrNull($"{architecture}.rope.freq_base")
                ?? 10_000,
            architecture == "qwen2" ? Rotation.Halves : Rotation.Neighbours, GatingOf(metadata, $"{architecture}.{GatingNames.Key}"));
    }

    Gating GatingOf(GgufMetadata metadata, string key) => metadata.TextOrNull(key) is not { } name ? Gating.Swiglu
        : GatingNames.OfOrNull(name) ?? throw Wrong($"{key} is '{Short(name)}'; supported are {GatingNames.Listed}");

    Layer Block(int index, ModelShape shape)
    {
        Matrix Of(string name, int rows, int width) => Matrix($"blk.{index}.{name}.weight", rows, width);
        float[]? Bias(string name, int length) => _tensors.ContainsKey($"blk.{index}.{name}.bias")
            ? Vector($"blk.{index}.{name}.bias", length) : null;
        return new(Of("attn_q", shape.Width, shape.Width), Of("attn_k", shape.KeyWidth, shape.Width),
            Of("attn_v", shape.KeyWidth, shape.Width), Of("attn_output", shape.Width, shape.Width), Of("ffn_gate", shape.Hidden,
                shape.Width),
            Of("ffn_up", shape.Hidden, shape.Width), Of("ffn_down", shape.Width, shape.Hidden),
            Vector($"blk.{index}.attn_norm.weight", shape.Width), Vector($"blk.{index}.ffn_norm.weight", shape.Width))
        {
            QueryBias = Bias("attn_q", shape.Width), KeyBias = Bias("attn_k", shape.KeyWidth), ValueBias = Bias("attn_v", shape.KeyWidth),
        };
    }

    Matrix Matrix(string name, int rows, int width)
    {
        var (tensor, packing) = Find(name, [width, rows]);
        return new(packing, _data.At(_file.DataStart + tensor.Offset, tensor.Bytes), rows, width);
    }

    // Vectors are small and always computed with as floats.
    float[] Vector(string name, int length)
    {
        var (tensor, packing) = Find(name, [length]);
        var values = new float[length];
        packing.Unpack(new(_data.At(_file.DataStart + tensor.Offset, tensor.Bytes), checked((int)tensor.Bytes)), values);
        return values;
    }

    (GgufTensor, Packing) Find(string name, ReadOnlySpan<long> shape)
    {
        if (!_tensors.TryGetValue(name, out var tensor)) throw Wrong($"it has no tensor '{name}'");
        var axes = tensor.Shape.ToArray().AsSpan();
        while (axes.Length > shape.Length && axes[^1] == 1) axes = axes[..^1];
        if (!axes.SequenceEqual(shape))
            throw Wrong($"tensor '{name}' is [{Listed(tensor.Shape)}], but its metadata ask for [{Listed(shape.ToArray())}]");
        return (tensor, Packing.OfOrNull(tensor.Type) ?? throw Wrong($"tensor '{name}' is packed as {tensor.Type}; supported are "
            + string.Join(", ", Packing.All.Select(packing => packing.Name))));
    }

    static string Listed(IEnumerable<long> lengths) => string.Join(", ", lengths);

    DataFormatException Wrong(string problem) => new(_name, problem);

    static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
