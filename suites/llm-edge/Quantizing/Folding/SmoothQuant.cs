using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing.Folding;

/// <summary>
/// SmoothQuant (Xiao et al. 2023): inputs behind a norm are divided by s_j = max|x_j|^α / max|w_j|^(1-α), which hands outliers of
/// activations on to weights; the norm takes the division.
/// </summary>
static class SmoothQuant
{
    const double Least = 1e-5;

    public static FoldedScales Scales(LanguageModel model, IReadOnlyDictionary<string, InputStatistics> inputs, double alpha)
    {
        var folded = new FoldedScales();
        var matrices = NamedMatrices.Of(model);
        foreach (var site in FoldingSite.Of(model).Where(site => site.IsNorm))
        {
            var (activations, weights) = (inputs[site.Takers[0]].Largest, new float[inputs[site.Takers[0]].Width]);
            foreach (var name in site.Takers)
            {
                var values = matrices[name].Unpacked();
                for (var i = 0; i < values.Length; i++)
                    weights[i % weights.Length] = MathF.Max(weights[i % weights.Length], MathF.Abs(values[i]));
            }
            folded.Add(site, [.. activations.Zip(weights, (x, w) => (float)Math.Max(Least,
                Math.Pow(Math.Max(x, Least), alpha) / Math.Pow(Math.Max(w, Least), 1 - alpha)))]);
        }
        return folded;
    }
}
