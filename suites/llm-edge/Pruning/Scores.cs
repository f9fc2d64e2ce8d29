using Harness.Datasets;

namespace Suites.LlmEdge.Pruning;

/// <summary>How much a weight matters, one number a weight [rows, width]: pruned ones are scored by the value they would have.</summary>
static class Scores
{
    public static float[] Magnitude(PrunedLayer layer) => Array.ConvertAll(layer.Original, MathF.Abs);

    /// <summary>|w_ij| · ‖x_j‖ (Sun, Liu, Bair and Kolter, ICLR 2024): Wanda compares them within a row.</summary>
    /// <param name="norms">‖x_j‖ over all inputs seen, [width].</param>
    public static float[] Wanda(PrunedLayer layer, IReadOnlyList<float> norms)
    {
        var scores = Magnitude(layer);
        for (var index = 0; index < scores.Length; index++) scores[index] *= norms[index % layer.Width];
        return scores;
    }

    /// <summary>|w · g|: how much the loss changes with a weight's removal, to first order.</summary>
    /// <param name="gradient">[rows, width]</param>
    public static float[] Gradient(PrunedLayer layer, IReadOnlyList<float> gradient)
    {
        var scores = new float[layer.Original.Length];
        for (var index = 0; index < scores.Length; index++) scores[index] = MathF.Abs(layer.Original[index] * gradient[index]);
        return scores;
    }

    public static float[] Random(PrunedLayer layer, Chance chance)
    {
        var scores = new float[layer.Original.Length];
        foreach (ref var score in scores.AsSpan()) score = (float)chance.Unit();
        return scores;
    }
}
