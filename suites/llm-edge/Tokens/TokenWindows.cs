namespace Suites.LlmEdge.Tokens;

/// <summary>
/// Texts longer than a context are cut into windows; each begins with the token that begins texts, which is not foreseen.
/// </summary>
static class TokenWindows
{
    /// <param name="tokens">Of a whole text, with the token that begins it.</param>
    public static IEnumerable<IReadOnlyList<int>> Of(ITokenizer tokenizer, IReadOnlyList<int> tokens, int context)
    {
        int[] begin = tokenizer.Begin is { } id ? [id] : [];
        foreach (var window in tokens.Skip(begin.Length).Chunk(context + 1 - begin.Length)) yield return [.. begin, .. window];
    }

    /// <summary>At most <paramref name="most"/> windows of at most <paramref name="context"/> tokens, evenly spread over texts.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Spread(ITokenizer tokenizer, IEnumerable<string> texts, int context, int most)
    {
        var windows = texts.SelectMany(text => Of(tokenizer, tokenizer.EncodeWhole(text), context - 1)).ToList();
        var count = Math.Min(most, windows.Count);
        return [.. Enumerable.Range(0, count).Select(index => windows[(int)((long)index * windows.Count / count)])];
    }
}
