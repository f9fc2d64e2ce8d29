using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Pruning.Decoders;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

/// <summary>Sequences of one length for a decoder to be judged by; each begins with the token that begins texts.</summary>
static class CalibrationSequences
{
    /// <summary>Texts cut into windows; what is left of a text at its end is left out.</summary>
    /// <param name="length">Tokens, the first one included.</param>
    public static IEnumerable<int[]> OfTexts(LanguageModel model, IEnumerable<TextSample> texts, int length)
    {
        int[] begin = model.Tokenizer.Begin is { } id ? [id] : [];
        return texts.SelectMany(text => model.Tokenizer.Encode(Encoding.UTF8.GetString(text.Utf8.Span)).Chunk(length - begin.Length))
            .Where(window => window.Length == length - begin.Length).Select(window => (int[])[.. begin, .. window]);
    }

    /// <summary>What the model itself writes at temperature 1; texts that end sooner are written anew.</summary>
    /// <exception cref="HarnessException">The model has no token to begin with, or writes no text of this length.</exception>
    public static IEnumerable<int[]> Written(LanguageModel model, int count, int length, ulong seed)
    {
        const int patience = 20;
        if (model.Tokenizer.Begin is not { } begin)
            throw new HarnessException("The model has no token that begins a text, so it cannot write any by itself; calibrate on texts.");
        using var decoder = new Decoder(model, new());
        var (sampler, tries) = (new Sampler(new(Temperature: 1), model.Shape.Vocabulary, seed), 0);
        for (var written = 0; written < count;)
        {
            if (tries++ > patience * count)
                throw new HarnessException($"Of {tries} texts that the model wrote, {written} had {length} tokens; ask for shorter ones.");
            if (TextOrNull(decoder, sampler, begin, model.Tokenizer.End, length) is not { } text) continue;
            written++;
            yield return text;
        }
    }

    static int[]? TextOrNull(Decoder decoder, Sampler sampler, int begin, int? end, int length)
    {
        decoder.Reset();
        var (text, token) = (new int[length], begin);
        for (var place = 0; place < length; place++)
        {
            if (place > 0 && (token == begin || token == end)) return null;
            text[place] = token;
            if (place + 1 < length) token = sampler.Draw(decoder.Append(token));
        }
        return text;
    }
}
