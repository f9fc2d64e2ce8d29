using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Quantizing;

/// <summary>
/// Rounds the inputs of linear layers before they are multiplied; other inputs, such as the classifier's, it leaves alone.
/// </summary>
/// <param name="layers">The layers meant, each with its grid; null finds a grid for each token.</param>
sealed class ActivationRounding(IReadOnlyDictionary<Matrix, Grid?> layers, int bits)
{
    /// <summary>Rounding twice, as where three layers share inputs, is rounding once.</summary>
    public void Round(Matrix matrix, Panel panel)
    {
        if (!layers.TryGetValue(matrix, out var stated)) return;
        for (var token = 0; token < panel.View.Tokens; token++)
        {
            var x = panel.Token(token);
            var grid = stated ?? Grid.Symmetric(Largest(x), bits);
            foreach (ref var value in x) value = (float)grid.Round(value);
        }
        panel.Changed(panel.View.Tokens);
    }

    static float Largest(ReadOnlySpan<float> x)
    {
        var largest = 0f;
        foreach (var value in x) largest = MathF.Max(largest, MathF.Abs(value));
        return largest;
    }
}
