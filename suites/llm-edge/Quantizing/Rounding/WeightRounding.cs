namespace Suites.LlmEdge.Quantizing.Rounding;

/// <summary>A matrix after rounding; the numbers stay floats.</summary>
/// <param name="BitsPerWeight">Codes, and what the codes stand for.</param>
/// <param name="CodeBits">Of a code that is a whole number times a scale; null where it is the index of something else.</param>
sealed record RoundedMatrix(float[] Values, double BitsPerWeight, int? CodeBits);

/// <summary>Rounds a matrix [rows, width] by any method.</summary>
static class WeightRounding
{
    /// <summary>Whether a method must have seen inputs.</summary>
    public static bool NeedsInputs(RoundingMethod method) => method is RoundingMethod.Gptq or RoundingMethod.AdaRound;

    /// <param name="inputs">Null where the method does not look at them.</param>
    /// <exception cref="HarnessException">The method cannot do with this granularity or this number of bits.</exception>
    public static RoundedMatrix Of(RoundingMethod method, Quantizer quantizer, bool largestFirst, ReadOnlySpan<float> values, int rows,
        int width, InputStatistics? inputs)
    {
        InputStatistics Inputs() => inputs ?? throw new HarnessException(
            $"{method} learns from the inputs of each layer, and there are no calibration texts; choose nearest, or data to train on.");
        RoundedMatrix Uniform(float[] rounded) => new(rounded, quantizer.BitsPerWeight(rows, width), quantizer.Bits);
        var runs = quantizer.Runs(rows, width);
        return method switch
        {
            RoundingMethod.Nearest => Uniform(quantizer.Rounded(values, rows, width)),
            RoundingMethod.Gptq => Uniform(Gptq.Rounded(values, rows, width, Inputs().Products, quantizer, largestFirst)),
            RoundingMethod.AdaRound => Uniform(AdaRound.Rounded(values, rows, width, Inputs(), quantizer)),
            RoundingMethod.Codebook => new(Codebook.Rounded(values, runs, quantizer.Bits), quantizer.Bits
                + 16.0 * (1 << quantizer.Bits) * runs.Count / values.Length, null),
            RoundingMethod.PowersOfTwo => new(FewLevels.PowersOfTwo(values, runs, quantizer.Bits), quantizer.Bits
                + 8.0 * runs.Count / values.Length, null),
            RoundingMethod.Ternary => new(FewLevels.Ternary(values, runs), 2 + 16.0 * runs.Count / values.Length, 2),
            RoundingMethod.Binary => new(FewLevels.Binary(values, runs), 1 + 16.0 * runs.Count / values.Length, 2),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "not a way to round"),
        };
    }
}
