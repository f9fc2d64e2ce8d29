namespace Suites.LlmEdge.Quantizing.Rounding;

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
    /// <param name="largestFirst">
    /// Columns in the order of falling input power, as the published code's act-order does; grids are then those of the full weights.
    /// </param>
    /// <exception cref="HarnessException">A grid for the whole matrix cannot be found while columns change.</exception>
    public static float[] Rounded(ReadOnlySpan<float> values, int rows, int width, double[] products, Quantizer quantizer,
        bool largestFirst = false)
    {
        if (quantizer.Granularity == Granularity.Tensor)
            throw new HarnessException("GPTQ rounds rows by grids of their own; choose the granularity channel or group.");
        var order = Order(products, width, largestFirst);
        var (factor, rounded) = (InverseFactor(Permuted(products, width, order), width), values.ToArray());
        var group = quantizer.Granularity == Granularity.Group ? quantizer.Group : width;
        var early = largestFirst ? Grids(values, rows, width, group, quantizer) : null;
        var grids = new Grid[rows];
        var left = new float[width];
        for (var row = 0; row < rows; row++)
        {
            var line = rounded.AsSpan(row * width, width);
            for (var place = 0; place < width; place++) left[place] = line[order[place]];
            for (var place = 0; place < width; place++)
            {
                if (early is not null) grids[row] = early[row, order[place] / group];
                else if (place % group == 0) grids[row] = quantizer.GridOf(left.AsSpan(place, Math.Min(group, width - place)));
                var point = (float)grids[row].Round(left[place]);
                var error = (left[place] - point) / factor[place * width + place];
                line[order[place]] = point;
                for (var later = place + 1; later < width; later++) left[later] -= (float)(error * factor[place * width + later]);
            }
        }
        return rounded;
    }

    static int[] Order(double[] products, int width, bool largestFirst)
    {
        var columns = Enumerable.Range(0, width);
        return [.. largestFirst ? columns.OrderByDescending(i => products[i * width + i]) : columns];
    }

    static double[] Permuted(double[] products, int width, int[] order)
    {
        var permuted = new double[products.Length];
        for (var i = 0; i < width; i++)
            for (var k = 0; k < width; k++) permuted[i * width + k] = products[order[i] * width + order[k]];
        return permuted;
    }

    static Grid[,] Grids(ReadOnlySpan<float> values, int rows, int width, int group, Quantizer quantizer)
    {
        var grids = new Grid[rows, (width + group - 1) / group];
        for (var row = 0; row < rows; row++)
            for (var start = 0; start < width; start += group)
                grids[row, start / group] = quantizer.GridOf(values.Slice(row * width + start, Math.Min(group, width - start)));
        return grids;
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
