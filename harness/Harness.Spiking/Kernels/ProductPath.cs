namespace Harness.Spiking.Kernels;

/// <summary>Which kernel multiplies spikes with weights. Both give the same bits, so that only time depends on the choice.</summary>
public enum ProductPath
{
    /// <summary>A row of weights is added for every spike (<see cref="EventProduct"/>).</summary>
    Event,
    /// <summary>Every weight is multiplied (<see cref="DenseProduct"/>).</summary>
    Dense,
}

/// <summary>Chooses the kernel from the density that is measured on some rows.</summary>
static unsafe class ProductPaths
{
    // Rows that are looked at: their density is within 2 points of the whole for any matrix of independent values.
    const long SampledRows = 128;
    // Weights of this many bytes stay in the first-level cache together with what is added up.
    const int Near = 64 * 1024;

    /// <param name="values">[rows, depth], contiguous.</param>
    public static ProductPath Choose(float* values, long rows, int depth, int columns)
    {
        var (stride, nonZero, looked) = (Math.Max(1, rows / SampledRows), 0L, 0L);
        for (var row = 0L; row < rows; row += stride, looked++)
            for (var at = 0; at < depth; at++)
                if (values[row * depth + at] != 0) nonZero++;
        return Choose(looked == 0 ? 0 : (double)nonZero / (looked * depth), depth, columns);
    }

    public static ProductPath Choose(double density, int depth, int columns) =>
        density < Crossover(depth, columns) ? ProductPath.Event : ProductPath.Dense;

    /// <summary>
    /// The density at which both kernels take equally long, packing included. An addition of a row that an event selects takes as long as
    /// 2 to 3 multiply-additions in a fixed order, by where the weights lie; packing a value takes as long as multiplying it with 9
    /// columns. Measured by the benchmark <c>spiking products</c>.
    /// </summary>
    public static double Crossover(int depth, int columns) =>
        (depth * columns * sizeof(float) <= Near ? 0.5 : 0.34) * Math.Max(0, 1 - 9.0 / columns);
}
