using Harness.Datasets.Formats;

namespace Harness.Fuzzing.Readers;

static class ModelReaders
{
    static readonly LlamaShape Tiny = new(Width: 8, Hidden: 12, Layers: 2, Heads: 4, KeyHeads: 2, Vocabulary: 6, Context: 5,
        SharedClassifier: true);

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("gguf", [Model()], content => Gguf.Read(new MemoryStream(content), "gguf")),
        new("llama-checkpoint", [Checkpoint()], content => LlamaCheckpoint.Read(new MemoryStream(content), "llama")),
        new("llama-tokenizer", [Content.Values(5, 0f, 3, "abc"u8.ToArray(), -1f, 1, "d"u8.ToArray(), -2f, 0, 0f, 5, "hello"u8.ToArray())],
            content => LlamaTokenizer.Read(new MemoryStream(content), "tokenizer")),
    ];

    // Metadata of every kind (strings, numbers, arrays of arrays), and one tensor of each of two packings.
    static byte[] Model()
    {
        var head = Content.Values(0x46554747u, 3u, 2ul, 4ul, "general.alignment", 4u, 32u, "words", 9u, 8u, 2ul, "one", "two",
            "nested", 9u, 9u, 1ul, 5u, 3ul, 1, 2, 3, "rate", 6u, 0.5f,
            "weights", 2u, 32ul, 2ul, 2u, 0ul, "bias", 1u, 4ul, 0u, 64ul);
        var start = (head.Length + 31) / 32 * 32;
        return [.. head, .. new byte[start - head.Length + 64 + 16]];
    }

    static byte[] Checkpoint()
    {
        var floats = Tiny.Parameters + Tiny.Context * Tiny.HeadWidth;
        return [.. Content.Values(Tiny.Width, Tiny.Hidden, Tiny.Layers, Tiny.Heads, Tiny.KeyHeads, Tiny.Vocabulary, Tiny.Context),
            .. new byte[4 * floats]];
    }
}
