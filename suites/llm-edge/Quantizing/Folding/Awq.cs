using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing.Folding;

/// <summary>
/// AWQ (Lin et al. 2024): inputs are divided by s = (mean |x|)^α before rounding, so that columns of strong inputs are rounded more
/// finely. α is the one of 0, 1/20, …, 19/20 with the least squared error of the outputs after rounding to nearest; α = 0 changes
/// nothing.
/// </summary>
static class Awq
{
    const int Alphas = 20;
    const double Least = 1e-4;

    public static FoldedScales Scales(LanguageModel model, IReadOnlyDictionary<string, InputStatistics> inputs, Quantizer quantizer)
    {
        var folded = new FoldedScales();
        var matrices = NamedMatrices.Of(model);
        foreach (var site in FoldingSite.Of(model))
        {
            var best = (Error: double.PositiveInfinity, Scales: Array.Empty<float>());
            for (var step = 0; step < Alphas; step++)
            {
                var scales = Of(inputs[site.Takers[0]], step / (double)Alphas);
                var error = site.Takers.Sum(name => Error(matrices[name], inputs[name], scales, quantizer));
                if (error < best.Error) best = (error, scales);
            }
            folded.Add(site, best.Scales);
        }
        return folded;
    }

    // Over √(largest · smallest), so that scales lie about one.
    static float[] Of(InputStatistics inputs, double alpha)
    {
        var scales = inputs.Magnitudes.Select(sum => Math.Max(Math.Pow(sum / Math.Max(1, inputs.Tokens), alpha), Least)).ToArray();
        var middle = Math.Sqrt(scales.Max() * scales.Min());
        return [.. scales.Select(scale => (float)(scale / middle))];
    }

    /// <summary>Σ ((Q(w s) / s - w) x)² over rows and tokens.</summary>
    static double Error(Kernels.Matrix matrix, InputStatistics inputs, float[] scales, Quantizer quantizer)
    {
        var (values, scaled) = (matrix.Unpacked(), matrix.Unpacked());
        for (var i = 0; i < scaled.Length; i++) scaled[i] *= scales[i % matrix.Width];
        var rounded = quantizer.Rounded(scaled, matrix.Rows, matrix.Width);
        for (var i = 0; i < rounded.Length; i++) rounded[i] /= scales[i % matrix.Width];
        return inputs.OutputError(values, rounded);
    }
}
