using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Decoding;

/// <summary>Makes text.</summary>
public static class Generation
{
    /// <summary>
    /// Tokens that follow a prompt, from an empty cache, until the model ends its text, <paramref name="most"/> are made, or the context is
    /// full.
    /// </summary>
    public static IEnumerable<int> Generate(this Decoder decoder, LanguageModel model, IReadOnlyList<int> prompt, Sampler sampler, int most)
    {
        decoder.Reset();
        var token = sampler.Draw(decoder.Append([.. prompt]));
        for (var made = 1; token != model.Tokenizer.End && token != model.Tokenizer.Begin; made++)
        {
            yield return token;
            if (made >= most || decoder.Position >= decoder.Context) yield break;
            token = sampler.Draw(decoder.Append(token));
        }
    }
}
