using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Models;

/// <summary>Linear layers of a model by their names in GGUF without <c>.weight</c>, such as <c>blk.0.ffn_up</c>.</summary>
static class NamedMatrices
{
    public static Dictionary<string, Matrix> Of(LanguageModel model) => model.Layers.SelectMany((layer, index) => layer.Matrices
        .Select(named => (Name: $"blk.{index}.{named.Name}", named.Matrix))).ToDictionary(named => named.Name, named => named.Matrix);

    public static bool IsLinear(string name) => name.StartsWith("blk.", StringComparison.Ordinal);
}
