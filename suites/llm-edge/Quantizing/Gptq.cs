namespace Suites.LlmEdge.Quantizing;

/// <summary>
/// GPTQ (Frantar, Ashkboos, Hoefler and Alistarh 2023): columns are rounded in order, and the error of each is made good by the columns
/// after
/// it, as far as the inputs seen in calibration allow. With H = X Xᵀ + λI and the upper Cholesky factor U of its inverse: e = (w_j -
/// w'_j) / U_jj,
/// w_k -= e U_jk for k > j. Grids of a group are found when its first column comes.
/// </summary>
static class Gptq
{
    const double Damping = 0.01;

    /// <param name="products">Σ x xᵀ over inputs, [width, width].</param>
    public static float[] Rounded(ReadOnlySpan<float> values, int rows, int width, double[] products, Quantizer quantizer)
    {
        if (quantizer.Granularity == Granularity.Tensor)
            throw new HarnessException("GPTQ rounds rows by grids of their own; choose the granularity channel or group.");
        var (factor, rounded) = (InverseFactor(products, width), values.ToArray());
        var group = quantizer.Granularity == Granularity.Group ? quantizer.Group : width;
        var grids = new Grid[rows];
        for (var column = 0; column < width; column++)
            for (var row = 0; row < rows; row++)
            {
                var line = rounded.AsSpan(row * width, width);
                if (column % group == 0) grids[row] = quantizer.GridOf(line.Slice(column, Math.Min(group, width - column)));
                var point = (float)grids[row].Round(line[column]);
                var error = (line[column] - point) / factor[column * width + column];
                line[column] = point;
                for (var later = column + 1; later < width; later++) line[later] -= (float)(error * factor[column * width + later]);
            }
        return rounded;
    }

    /// <summary>Σ |(w - w') x|² over inputs: what GPTQ makes small.</summary>
    public static double Objective(ReadOnlySpan<float> values, ReadOnlySpan<float> rounded, int rows, int width, double[] products)
    {
        var sum = 0.0;
        for (var row = 0; row < rows; row++)
            for (var i = 0; i < width; i++)
            {
                var (miss, part) = ((double)values[row * width + i] - rounded[row * width + i], 0.0);
                for (var k = 0; k < width; k++) part += products[i * width + k] * ((
                    double)values[row * width + k] - rounded[row * width + k]);
                sum += miss * part;
            }
        return sum;
    }

    // Upper U with UᵀU = H⁻¹. Reversing rows and columns turns a lower factor into an upper one: with J H J = L Lᵀ, U = J L⁻¹ J.
    internal static double[] InverseFactor(double[] products, int width)
    {
        var mean = 0.0;
        for (var i = 0; i < width; i++) mean += products[i * width + i] / width;
        var (lower, damping) = (new double[width * width], Math.Max(Damping * mean, 1e-12));
        double Damped(int i, int k) => products[(width - 1 - i) * width + width - 1 - k] + (i == k ? damping : 0);
        for (var i = 0; i < width; i++)
            for (var k = 0; k <= i; k++)
            {
                var sum = Damped(i, k);
                for (var m = 0; m < k; m++) sum -= lower[i * width + m] * lower[k * width + m];
                lower[i * width + k] = i == k ? Math.Sqrt(sum) : sum / lower[k * width + k];
            }
        var upper = new double[width * width];
        for (var k = 0; k < width; k++)
        {
            var column = new double[width];
            for (var i = k; i < width; i++)
            {
                var sum = i == k ? 1.0 : 0.0;
                for (var m = k; m < i; m++) sum -= lower[i * width + m] * column[m];
                column[i] = sum / lower[i * width + i];
                upper[(width - 1 - i) * width + width - 1 - k] = column[i];
            }
        }
        return upper;
    }
}
