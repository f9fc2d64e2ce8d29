using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Tokens;

/// <summary>The tokenizer that a GGUF file carries.</summary>
static class GgufTokenizer
{
    const string Prefix = "tokenizer.ggml.";

    public static ITokenizer Read(GgufMetadata metadata)
    {
        var texts = metadata.List<string>(Prefix + "tokens");
        if (texts.Length == 0) throw metadata.Wrong("its vocabulary is empty");
        var scores = Parallel<float>(metadata, "scores", texts.Length);
        var kinds = Parallel<int>(metadata, "token_type", texts.Length);
        var tokens = new Token[texts.Length];
        for (var id = 0; id < tokens.Length; id++)
            tokens[id] = new(texts[id], scores?[id] ?? 0, Kind(metadata, kinds?[id] ?? (int)TokenKind.Normal));
        var end = Id(metadata, "eos_token_id", texts.Length);
        return metadata.Text(Prefix + "model") switch
        {
            "llama" => new SentencePieceTokenizer(tokens, Begin(byDefault: true), end,
                metadata.FlagOrNull(Prefix + "add_space_prefix") ?? true),
            "gpt2" => BytePairs(metadata, tokens, Begin(byDefault: false), end),
            var other => throw metadata.Wrong($"its tokenizer is '{other}'; supported are llama (SentencePiece) and gpt2 (byte pairs)"),
        };

        int? Begin(bool byDefault) =>
            metadata.FlagOrNull(Prefix + "add_bos_token") ?? byDefault ? Id(metadata, "bos_token_id", texts.Length) : null;
    }

    static BytePairTokenizer BytePairs(GgufMetadata metadata, Token[] tokens, int? begin, int? end)
    {
        try
        {
            return new(tokens, metadata.List<string>(Prefix + "merges"), metadata.TextOrNull(Prefix + "pre") ?? "default", begin, end);
        }
        catch (HarnessException error) when (error is not Harness.Datasets.Formats.DataFormatException)
        {
            throw metadata.Wrong(error.Message);
        }
    }

    static T[]? Parallel<T>(GgufMetadata metadata, string name, int count) => metadata.ListOrNull<T>(Prefix + name) is not { } list ? null
        : list.Length == count ? list : throw metadata.Wrong($"{Prefix}{name} has {list.Length} entries for {count} tokens");

    static int? Id(GgufMetadata metadata, string name, int count) => metadata.NumberOrNull(Prefix + name) is not { } id ? null
        : id < count ? id : throw metadata.Wrong($"{Prefix}{name} is {id}, but there are {count} tokens");

    static TokenKind Kind(GgufMetadata metadata, int number) => Enum.IsDefined((TokenKind)number) ? (TokenKind)number
        : throw metadata.Wrong($"a token is of type {number}; known are 1 to 6");
}
