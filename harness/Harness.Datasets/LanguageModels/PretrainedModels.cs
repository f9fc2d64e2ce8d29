using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.LanguageModels;

/// <summary>A trained language model with its vocabulary.</summary>
public sealed record PretrainedModel(string Name, LlamaCheckpoint Checkpoint, LlamaTokenizer Tokenizer);

/// <summary>
/// Karpathy's smallest story teller: 260 thousand weights trained on TinyStories, in llama2.c's legacy format. Greedy decoding from the
/// first
/// token gives the text that llama2.c documents; its validation loss is 1.2968 nats per token.
/// </summary>
public sealed class Stories260K : IDataset<PretrainedModel>
{
    public DatasetCard Card { get; } = new("stories260k", 1, "A language model of 260 thousand weights")
    {
        Licence = "MIT",
        Citation = "Karpathy: llama2.c and tinyllamas, 2023; Eldan, Li: TinyStories, 2023",
        Encoding = "float32 weights [layer order of llama2.c], width 64, hidden 172, 5 layers, 8 heads, 4 key heads, vocabulary 512, "
            + "context 512; "
            + "tokens [512], UTF-8 bytes",
        SplitRule = "test: the one model; no training or validation part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 0, [Split.Validation] = 0, [Split.Test] = 1 },
        Files =
        [
            new("stories260K/stories260K.bin", 1_056_540, "sha256:b0a507e7ad0f626624f17112325e66691f9076d622e1d3274d103d00299f2696",
                "https://huggingface.co/karpathy/tinyllamas/resolve/main/stories260K/stories260K.bin"),
            new("stories260K/tok512.bin", 6227, "sha256:037cb335abb25d1fa9e8ecae30ed2a3a8ace9302862ebcdc05d51a6bbb10c312",
                "https://huggingface.co/karpathy/tinyllamas/resolve/main/stories260K/tok512.bin"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<PretrainedModel> Read(DirectoryInfo cache, Split split)
    {
        if (split != Split.Test) yield break;
        var checkpoint = LlamaCheckpoint.Read(FileStore.Require(cache, Card.Files[0]));
        var tokenizer = LlamaTokenizer.Read(FileStore.Require(cache, Card.Files[1]));
        if (tokenizer.Tokens.Count != checkpoint.Shape.Vocabulary)
            throw new DataFormatException(Card.Files[1].Name,
                $"it has {tokenizer.Tokens.Count} tokens for a vocabulary of {checkpoint.Shape.Vocabulary}");
        yield return new("stories260K", checkpoint, tokenizer);
    }
}

/// <summary>A real GGUF file without tensors: the vocabulary of Llama. For readers.</summary>
public sealed class LlamaVocabulary : IDataset<Gguf>
{
    public DatasetCard Card { get; } = new("llama-vocabulary", 1, "The vocabulary of Llama as GGUF")
    {
        Licence = "MIT (llama.cpp)",
        Citation = "Gerganov et al.: llama.cpp, models/ggml-vocab-llama.gguf; Touvron et al.: Llama, 2023",
        Encoding = "GGUF metadata [key]: architecture, tokens [32000], scores, types; no tensors",
        SplitRule = "test: the one file; no training or validation part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 0, [Split.Validation] = 0, [Split.Test] = 1 },
        Files = [new("gguf-vocab/ggml-vocab-llama.gguf", 723_676,
            "sha256:ed426ead65e8656464fda48b30e35f92daef4e0e7baee4e10429d81bbdde4871")],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<Gguf> Read(DirectoryInfo cache, Split split) =>
        split == Split.Test ? [Gguf.Read(FileStore.Require(cache, Card.Files[0]))] : [];
}
