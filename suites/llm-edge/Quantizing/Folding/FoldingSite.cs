using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing.Folding;

/// <summary>
/// A place where the inputs of linear layers may be divided channel by channel without changing the model: the columns of those that take
/// them are multiplied by as much, what makes them is divided. Names are those of GGUF.
/// </summary>
/// <param name="Maker">A norm, or a matrix whose rows are the channels.</param>
sealed record FoldingSite(string Maker, bool IsNorm, IReadOnlyList<string> Takers)
{
    /// <summary>
    /// Values become inputs of the output layer unchanged only where every head has values of its own. Up layers: gates do not change
    /// when they are divided by positive numbers.
    /// </summary>
    public static IEnumerable<FoldingSite> Of(LanguageModel model) => Enumerable.Range(0, model.Layers.Count).SelectMany(index =>
        Of(index, model.Shape.KeyHeads == model.Shape.Heads));

    static IEnumerable<FoldingSite> Of(int index, bool ownValues)
    {
        string Name(string name) => $"blk.{index}.{name}";
        yield return new(Name("attn_norm"), true, [Name("attn_q"), Name("attn_k"), Name("attn_v")]);
        if (ownValues) yield return new(Name("attn_v"), false, [Name("attn_output")]);
        yield return new(Name("ffn_norm"), true, [Name("ffn_gate"), Name("ffn_up")]);
        yield return new(Name("ffn_up"), false, [Name("ffn_down")]);
    }
}
