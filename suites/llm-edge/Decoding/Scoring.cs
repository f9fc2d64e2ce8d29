using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Decoding;

/// <summary>How well a model foresees a text.</summary>
/// <param name="Tokens">Tokens that were foreseen: all but the first.</param>
/// <param name="Nats">Sum of -ln p(token | tokens before it).</param>
/// <param name="Hits">Tokens that were the most likely ones.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextScore(int Tokens, double Nats, int Hits)
{
    public double Loss => Nats / Tokens;
    public double Perplexity => Math.Exp(Loss);

    public static TextScore operator +(TextScore a, TextScore b) => new(a.Tokens + b.Tokens, a.Nats + b.Nats, a.Hits + b.Hits);
}

public static class Scoring
{
    /// <summary>Scores a whole sequence from an empty cache; it must fit into the context.</summary>
    public static TextScore Score(this Decoder decoder, IReadOnlyList<int> tokens)
    {
        var (nats, hits) = (0.0, 0);
        decoder.Reset();
        if (tokens.Count < 2) return default;
        decoder.Append([.. tokens.Take(tokens.Count - 1)], (index, logits) =>
        {
            var next = tokens[index + 1];
            nats += LogSum(logits) - logits[next];
            if (Kernels.Vectors.IndexOfLargest(logits) == next) hits++;
        });
        return new(tokens.Count - 1, nats, hits);
    }

    // In double precision: the sum of a vocabulary of 32-bit exponentials would lose digits that a perplexity shows.
    static double LogSum(ReadOnlySpan<float> logits)
    {
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum);
    }
}
