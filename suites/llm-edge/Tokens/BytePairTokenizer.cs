using System.Text;
using System.Text.RegularExpressions;

namespace Suites.LlmEdge.Tokens;

/// <summary>
/// Byte-level byte-pair encoding (Sennrich, Haddow and Birch 2016; Radford et al. 2019): a pattern splits the text into words, bytes become
/// letters, and neighbours merge in the order of a list. Letters outside the basic plane count as signs when words are split.
/// </summary>
public sealed partial class BytePairTokenizer : ITokenizer
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly Dictionary<string, Regex> Patterns = new()
    {
        ["default"] = Gpt2Words(), ["gpt-2"] = Gpt2Words(), ["llama-bpe"] = Llama3Words(), ["qwen2"] = Qwen2Words(),
    };

    // Printable bytes stand for themselves, the others for letters from U+0100 on (encoder.py of GPT-2).
    static readonly char[] Letters = Alphabet();
    static readonly Dictionary<char, byte> BytesOfLetters = Letters.Select((letter, value) => (letter, value))
        .ToDictionary(entry => entry.letter, entry => (byte)entry.value);

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly Dictionary<(string, string), int> _ranks = [];
    readonly byte[][] _spelled;
    readonly Regex _words;
    readonly bool _wholeWordsFirst;

    /// <param name="merges">Pairs that merge, a blank between them, the first first.</param>
    /// <param name="splitting">Name of the pattern that splits words, as GGUF gives it.</param>
    /// <exception cref="HarnessException">The pattern is not known, or a merge is not a pair.</exception>
    public BytePairTokenizer(IReadOnlyList<Token> tokens, IReadOnlyList<string> merges, string splitting, int? begin, int? end)
    {
        (Tokens, Merges, Splitting, Begin, End) = (tokens, merges, splitting, begin, end);
        _words = Patterns.GetValueOrDefault(splitting) ?? throw new HarnessException(
            $"The way '{splitting}' to split words is not supported; supported are {string.Join(", ", Patterns.Keys)}.");
        _wholeWordsFirst = splitting == "llama-bpe";
        _spelled = new byte[tokens.Count][];
        for (var id = 0; id < tokens.Count; id++)
        {
            var (text, _, kind) = tokens[id];
            _spelled[id] = kind switch
            {
                TokenKind.Control or TokenKind.Unused or TokenKind.Unknown => [],
                TokenKind.UserDefined => Encoding.UTF8.GetBytes(text),
                _ => [.. text.SelectMany(letter => BytesOfLetters.TryGetValue(letter, out var value) ? [value]
                    : Encoding.UTF8.GetBytes([letter]))],
            };
            if (kind is TokenKind.Normal) _ids.TryAdd(text, id);
        }
        for (var rank = 0; rank < merges.Count; rank++)
            if (merges[rank].IndexOf(' ', 1) is > 0 and var at) _ranks.TryAdd((merges[rank][..at], merges[rank][(at + 1)..]), rank);
            else throw new HarnessException($"Merge {rank} is '{merges[rank]}'; it must be two parts with a blank between them.");
    }

    public IReadOnlyList<Token> Tokens { get; }
    public int? Begin { get; }
    public int? End { get; }
    public IReadOnlyList<string> Merges { get; }
    public string Splitting { get; }

    public ReadOnlySpan<byte> Bytes(int token) => _spelled[token];

    /// <summary>The letter that stands for a byte in the vocabulary.</summary>
    public static char Letter(byte value) => Letters[value];

    /// <summary>The words into which a pattern splits a text.</summary>
    internal static IEnumerable<string> Words(string splitting, string text) => Patterns[splitting].Matches(text).Select(word =>
        word.Value);

    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        foreach (Match word in _words.Matches(text))
            Add(string.Concat(Encoding.UTF8.GetBytes(word.Value).Select(value => Letters[value])), ids);
        return ids;
    }

    void Add(string word, List<int> ids)
    {
        if (_wholeWordsFirst && _ids.TryGetValue(word, out var whole))
        {
            ids.Add(whole);
            return;
        }
        var merging = new Merging(word);
        for (var left = merging.Next(-1); left >= 0; left = merging.Next(left)) Offer(merging, left);
        while (merging.TryTake(out var first, out _))
        {
            var before = merging.Merge(first);
            if (before >= 0) Offer(merging, before);
            Offer(merging, first);
        }
        for (var piece = merging.Next(-1); piece >= 0; piece = merging.Next(piece))
            ids.Add(_ids.TryGetValue(merging.Text(piece), out var id) ? id
                : throw new HarnessException($"The vocabulary has no token for '{merging.Text(piece)}', a part of '{word}'."));
    }

    void Offer(Merging merging, int left)
    {
        if (merging.NeighboursOrNull(left) is { } pair && _ranks.TryGetValue(pair, out var rank)) merging.Offer(left, rank);
    }

    static char[] Alphabet()
    {
        var (letters, next) = (new char[256], (char)256);
        for (var value = 0; value < 256; value++)
            letters[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : next++;
        return letters;
    }

    [GeneratedRegex(Gpt2)] private static partial Regex Gpt2Words();
    [GeneratedRegex(Llama3)] private static partial Regex Llama3Words();
    [GeneratedRegex(Qwen2)] private static partial Regex Qwen2Words();
}
