namespace Suites.LlmEdge.Quantizing.Rounding;

/// <summary>Weights of very few values. Each run of numbers has a scale of its own.</summary>
static class FewLevels
{
    /// <summary>Ternary weight networks (Li, Zhang and Liu 2016): |w| over Δ = 0.7 mean|w| becomes ±mean of these, the rest 0.</summary>
    public static float[] Ternary(ReadOnlySpan<float> values, IReadOnlyList<Range> runs) => Each(values, runs, run =>
    {
        var threshold = 0.7 * MeanMagnitude(run, 0);
        var level = (float)MeanMagnitude(run, threshold);
        foreach (ref var value in run) value = Math.Abs(value) > threshold ? MathF.CopySign(level, value) : 0;
    });

    /// <summary>Rastegari et al. 2016 (XNOR-Net): sign(w)·mean|w|, the ±level of least squared error.</summary>
    public static float[] Binary(ReadOnlySpan<float> values, IReadOnlyList<Range> runs) => Each(values, runs, run =>
    {
        var level = (float)MeanMagnitude(run, -1);
        foreach (ref var value in run) value = MathF.CopySign(level, value);
    });

    /// <summary>
    /// Miyashita, Lee and Murmann 2016: sign(w)·2^k, k the nearest whole number to log2|w| among 2^(bits-1) - 1 exponents whose largest is
    /// that of the largest |w|; what lies below the smallest by more than half an octave becomes 0.
    /// </summary>
    public static float[] PowersOfTwo(ReadOnlySpan<float> values, IReadOnlyList<Range> runs, int bits) => Each(values, runs, run =>
    {
        var largest = 0f;
        foreach (var value in run) largest = MathF.Max(largest, MathF.Abs(value));
        if (largest == 0) return;
        var (highest, levels) = (Math.Round(Math.Log2(largest)), (1 << bits - 1) - 1);
        var lowest = highest - levels + 1;
        foreach (ref var value in run)
        {
            var exponent = value == 0 ? double.NegativeInfinity : Math.Round(Math.Log2(Math.Abs(value)));
            value = exponent < lowest ? 0 : MathF.CopySign((float)Math.Pow(2, Math.Min(exponent, highest)), value);
        }
    });

    delegate void Rounding(Span<float> run);

    static float[] Each(ReadOnlySpan<float> values, IReadOnlyList<Range> runs, Rounding rounding)
    {
        var rounded = values.ToArray();
        foreach (var run in runs) rounding(rounded.AsSpan(run));
        return rounded;
    }

    // Of the numbers whose magnitude is over a threshold; 0 where there are none.
    static double MeanMagnitude(ReadOnlySpan<float> values, double threshold)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
            if (Math.Abs(value) > threshold) (sum, count) = (sum + Math.Abs(value), count + 1);
        return count == 0 ? 0 : sum / count;
    }
}
