using System.Globalization;
using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Models;

/// <summary>
/// Gates that are seldom open, as of models trained with ReLU: gate i opens where √ρ u_i·(V x) + √(1 - ρ) n_i·x passes a height of its
/// own, with V of <see cref="Rank"/> rows for each layer. Scores have deviation 1; heights are normal.
/// </summary>
/// <param name="Open">Share of gates that are open, about.</param>
/// <param name="Spread">
/// Deviation of heights. With 0.6, and a tenth open, 43 % of the neurons have four fifths of all openings, as Song et al. 2023 (PowerInfer)
/// count in LLaMA 2 70B with ReGLU; with 1 it is 26 %, as in OPT-30B.
/// </param>
/// <param name="Rank">Rows of V.</param>
/// <param name="LowRankShare">ρ: what a predictor of this rank can know.</param>
public sealed record PlantedGates(double Open, double Spread = 0.6, int Rank = 32, double LowRankShare = 0.95);

/// <summary>Models of a given shape whose weights mean nothing: for speed only, and named so.</summary>
public static class RandomModel
{
    public const string Name = "random-weights";
    const int Controls = 3;
    const int Bytes = 256;
    public const int LeastVocabulary = Controls + Bytes;

    /// <param name="gates">Null draws gates as all other weights, of which half are open.</param>
    /// <exception cref="HarnessException">The shape is not possible, or its rows do not fit the packing.</exception>
    public static LanguageModel Of(ModelShape shape, Packing packing, ulong seed, bool tied = false, PlantedGates? gates = null)
    {
        if (gates is { Open: not (> 0 and < 1) })
            throw new HarnessException($"A share of {gates.Open} of open gates is not possible; give one between 0 and 1.");
        if (gates is { Spread: not (>= 0 and <= 10) })
            throw new HarnessException($"A spread of {gates.Spread} is not possible; give one from 0 to 10.");
        if (shape.ProblemOrNull() is { } problem) throw new HarnessException($"No model has this shape: {problem}.");
        if (shape.Vocabulary < LeastVocabulary)
            throw new HarnessException($"A vocabulary of {shape.Vocabulary} is too small; give at least {LeastVocabulary}.");
        var (chance, memory) = (new Chance(seed), new List<IDisposable>());
        try
        {
            return Filled(shape, packing, chance, tied, memory, gates is null ? null : new(shape, gates, chance));
        }
        catch
        {
            memory.ForEach(block => block.Dispose());
            throw;
        }
    }

    static LanguageModel Filled(ModelShape shape, Packing packing, Chance chance, bool tied, List<IDisposable> memory,
        GatePlanter? planter)
    {
        // What blocks add stays small beside the embedding, or it would hide the direction that planted gates lean against.
        var added = planter is null ? 1 : 1 / MathF.Sqrt(8 * shape.Layers);
        var embedding = One(shape.Vocabulary, shape.Width, 1, planter is null ? null : planter.Lean);
        var layers = Enumerable.Range(0, shape.Layers).Select(_ =>
        {
            planter?.NextLayer();
            return new Layer(One(shape.Width, shape.Width), One(shape.KeyWidth, shape.Width), One(shape.KeyWidth, shape.Width),
                One(shape.Width, shape.Width, added), One(shape.Hidden, shape.Width, 1, planter is null ? null : planter.Gate),
                One(shape.Hidden, shape.Width), One(shape.Width, shape.Hidden, added), Ones(), Ones());
        }).ToArray();
        return new(shape, Vocabulary(shape.Vocabulary), embedding, tied ? embedding : One(shape.Vocabulary, shape.Width), layers, Ones(),
            memory)
        { Name = Name };

        float[] Ones() => [.. Enumerable.Repeat(1f, shape.Width)];

        // Uniform with variance 1 / width, so that sums stay near one.
        unsafe Matrix One(int rows, int width, float factor = 1, Action<float[]>? change = null)
        {
            var (bytes, scale, row) = (packing.RowBytes(width), factor * MathF.Sqrt(12f / width), new float[width]);
            var block = new NativeBlock(rows * bytes);
            memory.Add(block);
            for (var i = 0; i < rows; i++)
            {
                foreach (ref var value in row.AsSpan()) value = scale * ((float)chance.Unit() - 0.5f);
                change?.Invoke(row);
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
