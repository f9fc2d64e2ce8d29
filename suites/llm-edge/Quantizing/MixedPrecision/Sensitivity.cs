using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Quantizing.MixedPrecision;

/// <summary>
/// How much a model's foresight of calibration texts changes when one matrix alone is rounded: the mean Kullback-Leibler divergence of its
/// next token from the full model's. It is the rise of the loss on texts of the full model's own kind, without the noise of which token
/// came.
/// </summary>
static class Sensitivity
{
    /// <summary>For each matrix its choices, more bits never losing more than fewer.</summary>
    /// <param name="round">Rounds a matrix of this name to so many bits.</param>
    /// <param name="widths">Rising.</param>
    public static Dictionary<string, IReadOnlyList<BitChoice>> Of(LanguageModel model, IReadOnlyList<IReadOnlyList<int>> windows,
        IReadOnlyList<int> widths, Func<string, int, RoundedMatrix> round, CancellationToken cancellation)
    {
        var (full, choices) = (LogLikelihoods(model, windows), new Dictionary<string, IReadOnlyList<BitChoice>>());
        foreach (var (name, matrix) in NamedMatrices.Of(model))
        {
            var (list, most) = (new List<BitChoice>(), double.PositiveInfinity);
            foreach (var bits in widths)
            {
                cancellation.ThrowIfCancellationRequested();
                var rounded = round(name, bits);
                using var changed = ModelCopy.Of(model, (other, old) => (Packing.F32, other == name ? rounded.Values : old.Unpacked()));
                most = Math.Min(most, Divergence(full, LogLikelihoods(changed, windows)));
                list.Add(new(bits, (long)Math.Ceiling(rounded.BitsPerWeight * matrix.Elements), most));
            }
            choices[name] = list;
        }
        return choices;
    }

    static List<float[]> LogLikelihoods(LanguageModel model, IReadOnlyList<IReadOnlyList<int>> windows)
    {
        using var decoder = new Decoder(model, new());
        var all = new List<float[]>();
        foreach (var window in windows)
        {
            decoder.Reset();
            decoder.Append([.. window], (_, logits) =>
            {
                var one = logits.ToArray();
                var sum = (float)Kernels.Vectors.SoftMax(one);
                for (var id = 0; id < one.Length; id++) one[id] = logits[id] - sum;
                all.Add(one);
            });
        }
        return all;
    }

    static double Divergence(List<float[]> full, List<float[]> changed) => full.Zip(changed, (p, q) =>
    {
        var sum = 0.0;
        for (var id = 0; id < p.Length; id++) sum += Math.Exp(p[id]) * (p[id] - q[id]);
        return sum;
    }).Average();
}
