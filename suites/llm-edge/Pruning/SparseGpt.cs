using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Pruning;

/// <summary>
/// SparseGPT (Frantar and Alistarh, ICML 2023): columns are visited in order, and the error of each pruned weight is made good by the
/// weights after it in its row, as far as the inputs allow. With U the upper Cholesky factor of (X Xᵀ + λI)⁻¹, the mask of a run of
/// columns prunes the lowest w² / U_jj² of all rows together when its first column comes; then e = w_j / U_jj, w_k -= e U_jk for k > j.
/// Inputs are those of the full network; layers are not calibrated one after another.
/// </summary>
static class SparseGpt
{
    /// <summary>Columns whose mask is chosen together, as published.</summary>
    public const int Run = 128;

    /// <param name="products">Σ x xᵀ over inputs, [width, width].</param>
    /// <returns>Values of all weights, and which are pruned; those values are zero.</returns>
    public static (float[] Values, bool[] Pruned) Of(ReadOnlySpan<float> weights, int rows, int width, double[] products, double density,
        int run = Run)
    {
        var factor = Gptq.InverseFactor(products, width);
        var (values, pruned) = (weights.ToArray(), new bool[weights.Length]);
        for (var column = 0; column < width; column++)
        {
            if (column % run == 0) Choose(values, rows, width, factor, column, Math.Min(run, width - column), density, pruned);
            for (var row = 0; row < rows; row++)
            {
                if (!pruned[row * width + column]) continue;
                var line = values.AsSpan(row * width, width);
                var error = line[column] / factor[column * width + column];
                line[column] = 0;
                for (var later = column + 1; later < width; later++) line[later] -= (float)(error * factor[column * width + later]);
            }
        }
        return (values, pruned);
    }

    static void Choose(float[] values, int rows, int width, double[] factor, int first, int columns, double density, bool[] pruned)
    {
        var scores = new float[rows * columns];
        for (var index = 0; index < scores.Length; index++)
        {
            var (row, column) = (index / columns, first + index % columns);
            var share = values[row * width + column] / factor[column * width + column];
            scores[index] = (float)(share * share);
        }
        var chosen = Cut.Lowest(scores, scores.Length, density);
        for (var index = 0; index < scores.Length; index++) pruned[index / columns * width + first + index % columns] = chosen[index];
    }
}
