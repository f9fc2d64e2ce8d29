using System.Globalization;
using System.Text;

namespace Suites.LlmEdge.Tokens;

/// <summary>
/// SentencePiece's byte-pair encoding (Kudo and Richardson 2018) as llama.cpp's "SPM" and llama2.c run it: the neighbours whose union
/// has the highest score merge first, of equals the leftmost; letters without a token are spelled in bytes. A blank is put before the text.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    public const char Blank = '▁';
    static readonly byte[] UnknownBytes = " ⁇ "u8.ToArray();

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly int?[] _bytes = new int?[256];
    readonly byte[][] _spelled;
    readonly int? _unknown;

    /// <param name="prefix">Whether a blank is put before a text.</param>
    public SentencePieceTokenizer(IReadOnlyList<Token> tokens, int? begin, int? end, bool prefix = true)
    {
        (Tokens, Begin, End, Prefixed) = (tokens, begin, end, prefix);
        _spelled = new byte[tokens.Count][];
        for (var id = 0; id < tokens.Count; id++)
        {
            var token = tokens[id];
            if (token.Kind is TokenKind.Byte && ByteOrNull(token.Text) is { } value)
            {
                _bytes[value] ??= id;
                _spelled[id] = [value];
            }
            else if (token.Kind is TokenKind.Normal or TokenKind.UserDefined)
            {
                _ids.TryAdd(token.Text, id);
                _spelled[id] = Encoding.UTF8.GetBytes(token.Text.Replace(Blank, ' '));
            }
            else
            {
                if (token.Kind is TokenKind.Unknown) _unknown ??= id;
                _spelled[id] = token.Kind is TokenKind.Unknown ? UnknownBytes : [];
            }
        }
    }

    public IReadOnlyList<Token> Tokens { get; }
    public int? Begin { get; }
    public int? End { get; }
    public bool Prefixed { get; }

    public ReadOnlySpan<byte> Bytes(int token) => _spelled[token];

    public IReadOnlyList<int> Encode(string text)
    {
        if (text.Length == 0) return [];
        var escaped = (Prefixed ? " " + text : text).Replace(' ', Blank);
        var merging = new Merging(escaped);
        for (var left = merging.Next(-1); left >= 0; left = merging.Next(left)) Offer(merging, left);
        while (merging.TryTake(out var first, out _))
        {
            var before = merging.Merge(first);
            if (before >= 0) Offer(merging, before);
            Offer(merging, first);
        }
        var ids = new List<int>();
        for (var piece = merging.Next(-1); piece >= 0; piece = merging.Next(piece)) Spell(merging.Text(piece), ids);
        return ids;
    }

    void Offer(Merging merging, int left)
    {
        if (merging.UnionOrNull(left) is { } union && _ids.TryGetValue(union, out var id)) merging.Offer(left, -Tokens[id].Score);
    }

    void Spell(string piece, List<int> ids)
    {
        if (_ids.TryGetValue(piece, out var id))
        {
            ids.Add(id);
            return;
        }
        foreach (var value in Encoding.UTF8.GetBytes(piece))
            ids.Add(_bytes[value] ?? _unknown
                ?? throw new HarnessException(
                    $"The vocabulary has no token for '{piece}', none for its byte {value}, and none for the unknown."));
    }

    static byte? ByteOrNull(string text) => text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
