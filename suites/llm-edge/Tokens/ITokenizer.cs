using System.Text;

namespace Suites.LlmEdge.Tokens;

/// <summary>What a token is, numbered as GGUF does.</summary>
public enum TokenKind { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 }

/// <param name="Text">As the vocabulary spells it.</param>
/// <param name="Score">How good it is to merge it (SentencePiece); 0 elsewhere.</param>
public sealed record Token(string Text, float Score, TokenKind Kind);

/// <summary>Turns text into token ids and back. Words of control, such as <c>&lt;s&gt;</c>, are plain text where they stand in a
/// text.</summary>
public interface ITokenizer
{
    IReadOnlyList<Token> Tokens { get; }

    /// <summary>The token before every text, or null where the model wants none.</summary>
    int? Begin { get; }

    /// <summary>The token after which nothing follows, or null.</summary>
    int? End { get; }

    /// <summary>Ids of the text, without <see cref="Begin"/>.</summary>
    /// <exception cref="HarnessException">The vocabulary has no way to spell it.</exception>
    IReadOnlyList<int> Encode(string text);

    /// <summary>UTF-8 bytes that a token stands for; none for a word of control. A letter may be spread over several tokens.</summary>
    ReadOnlySpan<byte> Bytes(int token);
}

public static class TokenizerExtensions
{
    /// <summary>Ids with <see cref="ITokenizer.Begin"/> in front where the model wants it.</summary>
    public static IReadOnlyList<int> EncodeWhole(this ITokenizer tokenizer, string text) =>
        tokenizer.Begin is { } begin ? [begin, .. tokenizer.Encode(text)] : tokenizer.Encode(text);

    public static string Decode(this ITokenizer tokenizer, IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens) bytes.AddRange(tokenizer.Bytes(token));
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
