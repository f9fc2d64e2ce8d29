using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing;

/// <summary>Inputs of all linear layers as the full model makes them of calibration texts.</summary>
static class LayerInputs
{
    // Layers that are given the same; what the first one saw serves the others.
    static readonly Dictionary<string, string> Shared = new() { ["attn_k"] = "attn_q", ["attn_v"] = "attn_q", ["ffn_up"] = "ffn_gate" };

    /// <summary>By the name of the matrix, such as <c>blk.0.attn_q</c>.</summary>
    /// <param name="windows">Tokens; each begins with an empty cache.</param>
    public static Dictionary<string, InputStatistics> Of(LanguageModel model, IEnumerable<IReadOnlyList<int>> windows)
    {
        var seen = new Dictionary<Matrix, InputStatistics>(ReferenceEqualityComparer.Instance);
        foreach (var layer in model.Layers)
            foreach (var (name, matrix) in layer.Matrices)
                if (!Shared.ContainsKey(name)) seen[matrix] = new(matrix.Width);
        using var decoder = new Decoder(model, new()) { Watch = Add };
        foreach (var window in windows)
        {
            decoder.Reset();
            decoder.Append([.. window]);
        }
        var statistics = new Dictionary<string, InputStatistics>();
        for (var index = 0; index < model.Layers.Count; index++)
        {
            var matrices = model.Layers[index].Matrices.ToDictionary(named => named.Name, named => named.Matrix);
            foreach (var name in matrices.Keys)
                statistics[$"blk.{index}.{name}"] = seen[matrices[Shared.GetValueOrDefault(name, name)]];
        }
        return statistics;

        void Add(Matrix matrix, Panel panel)
        {
            if (!seen.TryGetValue(matrix, out var sums)) return;
            for (var token = 0; token < panel.View.Tokens; token++) sums.Add(panel.Token(token));
        }
    }
}
