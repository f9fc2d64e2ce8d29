using System.Text;
using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Models;

/// <summary>Reads a llama2.c model: weights of all layers lie together by kind, in the order of run.c.</summary>
static class LlamaImport
{
    const int Unknown = 0;
    const int Begin = 1;
    const int End = 2;
    const int FirstByte = 3;

    public static LanguageModel Read(LlamaCheckpoint checkpoint, LlamaTokenizer tokenizer)
    {
        var from = checkpoint.Shape;
        if (tokenizer.Tokens.Count != from.Vocabulary)
            throw new DataFormatException("tokenizer", $"it has {tokenizer.Tokens.Count} tokens for a vocabulary of {from.Vocabulary}");
        var shape = new ModelShape("llama", from.Vocabulary, from.Context, from.Width, from.Hidden, from.Layers, from.Heads, from.KeyHeads);
        if (shape.ProblemOrNull() is { } problem) throw new DataFormatException("llama2.c model", problem);
        var (rest, memory) = (checkpoint.Weights, new List<IDisposable>());
        var embedding = One(from.Vocabulary, from.Width);
        var attentionNorms = Vectors();
        Matrix[] queries = Each(from.Width, from.Width), keys = Each(shape.KeyWidth, from.Width), values = Each(shape.KeyWidth, from.Width),
            outputs = Each(from.Width, from.Width);
        var feedForwardNorms = Vectors();
        Matrix[] gates = Each(from.Hidden, from.Width), downs = Each(from.Width, from.Hidden), ups = Each(from.Hidden, from.Width);
        var finalNorm = Take(from.Width).ToArray();
        Take(from.Context * from.HeadWidth); // tables of the rotary embedding, which the decoder computes itself
        var classifier = from.SharedClassifier ? embedding : One(from.Vocabulary, from.Width);
        var layers = Enumerable.Range(0, from.Layers).Select(i => new Layer(queries[i], keys[i], values[i], outputs[i], gates[i], ups[i],
            downs[i], attentionNorms[i], feedForwardNorms[i]));
        return new(shape, Vocabulary(tokenizer), embedding, classifier, [.. layers], finalNorm, memory);

        ReadOnlySpan<float> Take(int count)
        {
            var taken = rest[..count];
            rest = rest[count..];
            return taken.Span;
        }

        Matrix One(int rows, int width) => ModelCopy.Packed(Packing.F32, Take(rows * width), rows, width, memory);
        Matrix[] Each(int rows, int width) => [.. Enumerable.Range(0, from.Layers).Select(_ => One(rows, width))];
        float[][] Vectors() => [.. Enumerable.Range(0, from.Layers).Select(_ => Take(from.Width).ToArray())];
    }

    // llama2.c writes blanks for SentencePiece's ▁, and decorates the tokens of control.
    static SentencePieceTokenizer Vocabulary(LlamaTokenizer tokenizer)
    {
        var tokens = tokenizer.Tokens.Select((token, index) => new Token(index switch
        {
            Unknown => "<unk>", Begin => "<s>", End => "</s>",
            _ => Encoding.UTF8.GetString(token.Text.Span).Replace(' ', SentencePieceTokenizer.Blank),
        }, token.Score, index switch
        {
            Unknown => TokenKind.Unknown, Begin or End => TokenKind.Control, < FirstByte + 256 => TokenKind.Byte, _ => TokenKind.Normal,
        }));
        return new([.. tokens], Begin, End);
    }
}
