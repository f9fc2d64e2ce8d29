using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Models;

/// <summary>Small models of random weights.</summary>
static class RandomModels
{
    public static ModelShape Small { get; } = new("llama", 96, 64, 64, 96, 2, 4, 2);

    public static LanguageModel Of(ModelShape shape, ulong seed = 1, bool tied = false, bool biased = false, ITokenizer? tokenizer = null)
    {
        var (chance, memory) = (new Chance(seed), new List<IDisposable>());
        Suites.LlmEdge.Kernels.Matrix One(int rows, int width) =>
            ModelCopy.Packed(Packing.F32, Numbers(rows * width, 1 / MathF.Sqrt(width)), rows, width, memory);
        float[] Numbers(int count, float scale, float mean = 0) =>
            [.. Enumerable.Range(0, count).Select(_ => mean + scale * (float)chance.Normal())];
        var embedding = One(shape.Vocabulary, shape.Width);
        var layers = Enumerable.Range(0, shape.Layers).Select(_ => new Layer(One(shape.Width, shape.Width), One(shape.KeyWidth,
            shape.Width),
            One(shape.KeyWidth, shape.Width), One(shape.Width, shape.Width), One(shape.Hidden, shape.Width), One(shape.Hidden, shape.Width),
            One(shape.Width, shape.Hidden), Numbers(shape.Width, 0.1f, 1), Numbers(shape.Width, 0.1f, 1))
        {
            QueryBias = biased ? Numbers(shape.Width, 0.3f) : null, KeyBias = biased ? Numbers(shape.KeyWidth, 0.3f) : null,
            ValueBias = biased ? Numbers(shape.KeyWidth, 0.3f) : null,
        }).ToArray();
        return new(shape, tokenizer ?? Vocabulary(shape.Vocabulary), embedding, tied ? embedding : One(shape.Vocabulary, shape.Width),
            layers,
            Numbers(shape.Width, 0.1f, 1), memory);
    }

    /// <summary>Control words, then letters from ' ' on.</summary>
    public static SentencePieceTokenizer Vocabulary(int size) => new([new("<unk>", 0, TokenKind.Unknown), new("<s>", 0, TokenKind.Control),
        new("</s>", 0, TokenKind.Control), new("▁", -1, TokenKind.Normal),
        .. Enumerable.Range(0, size - 4).Select(i => new Token($"{(char)('!' + i)}", -2 - i, TokenKind.Normal))], 1, 2);
}
