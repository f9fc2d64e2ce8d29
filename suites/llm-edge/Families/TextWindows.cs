using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Families;

/// <summary>
/// A text longer than the context is cut into windows; each begins with the token that begins texts, which is not foreseen.
/// </summary>
static class TextWindows
{
    /// <param name="context">Tokens that a decoder is given of a window; one more is foreseen.</param>
    /// <param name="tokens">Of the whole text, as the tokenizer gives them.</param>
    public static IEnumerable<IReadOnlyList<int>> Of(LanguageModel model, int context, IReadOnlyList<int> tokens)
    {
        int[] begin = model.Tokenizer.Begin is { } id ? [id] : [];
        foreach (var window in tokens.Skip(begin.Length).Chunk(context + 1 - begin.Length)) yield return [.. begin, .. window];
    }
}
