using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Decoding;

/// <summary>
/// How the next token is chosen: of the <paramref name="TopK"/> most likely ones, those that make up <paramref name="TopP"/> of the
/// probability, drawn at a temperature. Temperature 0 takes the most likely one, of equals the first.
/// </summary>
/// <param name="TopK">0 takes all.</param>
public sealed record Sampling(double Temperature = 0, int TopK = 0, double TopP = 1)
{
    public static Sampling Greedy { get; } = new();

    internal string? ProblemOrNull() =>
        !double.IsFinite(Temperature) || Temperature < 0 ? $"A temperature of {Temperature} is not possible; give 0 or more."
        : TopK < 0 ? $"The best {TopK} tokens cannot be taken; give 0 for all, or more."
        : TopP is > 0 and <= 1 ? null : $"A share of {TopP} is not possible; give more than 0, at most 1.";
}

/// <summary>Draws tokens; the same seed and logits give the same tokens. Not thread-safe.</summary>
public sealed class Sampler
{
    readonly Sampling _sampling;
    readonly Chance _chance;
    readonly float[] _shares;
    readonly int[] _order;

    /// <exception cref="HarnessException">A parameter is not possible.</exception>
    public Sampler(Sampling sampling, int vocabulary, ulong seed)
    {
        if (sampling.ProblemOrNull() is { } problem) throw new HarnessException(problem);
        (_sampling, _chance, _shares, _order) = (sampling, new(seed), new float[vocabulary], new int[vocabulary]);
    }

    public int Draw(ReadOnlySpan<float> logits)
    {
        if (_sampling.Temperature == 0) return Vectors.IndexOfLargest(logits);
        for (var i = 0; i < _order.Length; i++) (_order[i], _shares[i]) = (i, -logits[i]);
        _shares.AsSpan().Sort(_order.AsSpan());
        var kept = _sampling.TopK == 0 ? logits.Length : Math.Min(_sampling.TopK, logits.Length);
        for (var i = 0; i < kept; i++) _shares[i] = logits[_order[i]];
        kept = WithinShare(kept);
        for (var i = 0; i < kept; i++) _shares[i] = logits[_order[i]] / (float)_sampling.Temperature;
        Vectors.SoftMax(_shares.AsSpan(0, kept));
        var (left, last) = (_chance.Unit(), kept - 1);
        for (var i = 0; i < last; i++)
            if ((left -= _shares[i]) < 0) return _order[i];
        return _order[last];
    }

    // The shortest run of the most likely tokens that reaches TopP of the probability at temperature 1.
    int WithinShare(int kept)
    {
        if (_sampling.TopP >= 1) return kept;
        Vectors.SoftMax(_shares.AsSpan(0, kept));
        var sum = 0.0;
        for (var i = 0; i < kept; i++)
            if ((sum += _shares[i]) >= _sampling.TopP) return i + 1;
        return kept;
    }
}
