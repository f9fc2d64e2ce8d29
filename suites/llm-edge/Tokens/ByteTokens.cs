namespace Suites.LlmEdge.Tokens;

/// <summary>
/// The vocabulary of every byte and a token that begins texts: nothing is learnt from a text, and no text is impossible to spell. As byte
/// pairs without merges, so that GGUF holds it.
/// </summary>
public static class ByteTokens
{
    public const int Begin = 256;
    public const int Vocabulary = 257;

    public static BytePairTokenizer Tokenizer() => new(
    [
        .. Enumerable.Range(0, Begin).Select(value => new Token($"{BytePairTokenizer.Letter((byte)value)}", 0, TokenKind.Normal)),
        new("<s>", 0, TokenKind.Control),
    ], [], "gpt-2", Begin, null);
}
