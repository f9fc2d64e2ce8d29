using System.Globalization;
using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Models;

/// <summary>Models of a given shape whose weights mean nothing: for speed only, and named so.</summary>
public static class RandomModel
{
    public const string Name = "random-weights";
    const int Controls = 3;
    const int Bytes = 256;
    public const int LeastVocabulary = Controls + Bytes;

    /// <exception cref="HarnessException">The shape is not possible, or its rows do not fit the packing.</exception>
    public static LanguageModel Of(ModelShape shape, Packing packing, ulong seed, bool tied = false)
    {
        if (shape.ProblemOrNull() is { } problem) throw new HarnessException($"No model has this shape: {problem}.");
        if (shape.Vocabulary < LeastVocabulary)
            throw new HarnessException($"A vocabulary of {shape.Vocabulary} is too small; give at least {LeastVocabulary}.");
        var (chance, memory) = (new Chance(seed), new List<IDisposable>());
        try
        {
            return Filled(shape, packing, chance, tied, memory);
        }
        catch
        {
            memory.ForEach(block => block.Dispose());
            throw;
        }
    }

    static LanguageModel Filled(ModelShape shape, Packing packing, Chance chance, bool tied, List<IDisposable> memory)
    {
        var embedding = One(shape.Vocabulary, shape.Width);
        var layers = Enumerable.Range(0, shape.Layers).Select(_ => new Layer(One(shape.Width, shape.Width), One(shape.KeyWidth,
            shape.Width),
            One(shape.KeyWidth, shape.Width), One(shape.Width, shape.Width), One(shape.Hidden, shape.Width), One(shape.Hidden, shape.Width),
            One(shape.Width, shape.Hidden), Ones(), Ones())).ToArray();
        return new(shape, Vocabulary(shape.Vocabulary), embedding, tied ? embedding : One(shape.Vocabulary, shape.Width), layers, Ones(),
            memory)
        { Name = Name };

        float[] Ones() => [.. Enumerable.Repeat(1f, shape.Width)];

        // Uniform with variance 1 / width, so that sums stay near one.
        unsafe Matrix One(int rows, int width)
        {
            var (bytes, scale, row) = (packing.RowBytes(width), MathF.Sqrt(12f / width), new float[width]);
            var block = new NativeBlock(rows * bytes);
            memory.Add(block);
            for (var i = 0; i < rows; i++)
            {
                foreach (ref var value in row.AsSpan()) value = scale * ((float)chance.Unit() - 0.5f);
                packing.Pack(row, new(block.Pointer + i * bytes, checked((int)bytes)));
            }
            return new(packing, block.Pointer, rows, width);
        }
    }

    static SentencePieceTokenizer Vocabulary(int size) => new(
    [
        new("<unk>", 0, TokenKind.Unknown), new("<s>", 0, TokenKind.Control), new("</s>", 0, TokenKind.Control),
        .. Enumerable.Range(0, Bytes).Select(value => new Token(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), 0,
            TokenKind.Byte)),
        .. Enumerable.Range(LeastVocabulary, size - LeastVocabulary).Select(id => new Token($"▁w{id}", -id, TokenKind.Normal)),
    ], 1, 2);
}
