using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing.Folding;

/// <summary>Scales of channels at some sites, folded into the weights around them.</summary>
sealed class FoldedScales
{
    readonly Dictionary<string, float[]> _makers = [], _takers = [];

    public void Add(FoldingSite site, float[] scales)
    {
        _makers[site.Maker] = scales;
        foreach (var taker in site.Takers) _takers[taker] = scales;
    }

    /// <summary>The same model with other weights: its logits change by float rounding only.</summary>
    public LanguageModel Apply(LanguageModel model) => ModelCopy.Of(model, (name, matrix) => (Packing.F32, Scaled(name, matrix)),
        (name, values) => _makers.GetValueOrDefault(WithoutBias(name)) is { } scales
            ? [.. values.Zip(scales, (value, scale) => value / scale)] : values);

    /// <summary>What the layers are given then.</summary>
    public Dictionary<string, InputStatistics> Apply(IReadOnlyDictionary<string, InputStatistics> inputs) => inputs.ToDictionary(
        entry => entry.Key, entry => _takers.TryGetValue(entry.Key, out var scales) ? entry.Value.Divided(scales) : entry.Value);

    float[] Scaled(string name, Matrix matrix)
    {
        var values = matrix.Unpacked();
        var (rows, columns) = (_makers.GetValueOrDefault(name), _takers.GetValueOrDefault(name));
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column < matrix.Width; column++)
                values[row * matrix.Width + column] *= (columns?[column] ?? 1) / (rows?[row] ?? 1);
        return values;
    }

    static string WithoutBias(string name) => name.EndsWith(".bias", StringComparison.Ordinal) ? name[..^5] : name;
}
