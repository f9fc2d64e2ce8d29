namespace Suites.Clustering.Mixtures;

/// <summary>
/// What a component's covariance may be: any matrix of its own, one matrix for all, one variance for each axis, or one for all axes.
/// </summary>
public enum CovarianceForm { Full, Tied, Diagonal, Spherical }

/// <summary>Weighted Gaussians in a form in which densities are quick: a point whitened by a component is y = W (x - mean).</summary>
/// <param name="Weights">[component], their sum is 1.</param>
/// <param name="Means">[component, dimension].</param>
/// <param name="Covariances">[component, dimension, dimension].</param>
/// <param name="Whitening">Inverse lower Cholesky factors, [component, dimension, dimension].</param>
/// <param name="LogDeterminants">Logarithm of the determinant of the whitening, [component].</param>
sealed record GaussianMixture(double[] Weights, double[] Means, double[] Covariances, double[] Whitening, double[] LogDeterminants)
{
    public int Components => Weights.Length;
    public int Dimensions => Means.Length / Weights.Length;

    /// <exception cref="TrainingFailedException">A covariance is singular.</exception>
    public static GaussianMixture Of(double[] weights, double[] means, double[] covariances)
    {
        var (components, dimensions) = (weights.Length, means.Length / weights.Length);
        var (whitening, logarithms) = (new double[covariances.Length], new double[components]);
        var size = dimensions * dimensions;
        for (var k = 0; k < components; k++)
            logarithms[k] = Whiten(covariances.AsSpan(k * size, size), whitening.AsSpan(k * size, size), dimensions, k);
        return new(weights, means, covariances, whitening, logarithms);
    }

    /// <summary>How many numbers are free: what an information criterion counts.</summary>
    public int Parameters(CovarianceForm form)
    {
        var (components, dimensions) = (Components, Dimensions);
        return components - 1 + components * dimensions + form switch
        {
            CovarianceForm.Full => components * dimensions * (dimensions + 1) / 2,
            CovarianceForm.Tied => dimensions * (dimensions + 1) / 2,
            CovarianceForm.Diagonal => components * dimensions,
            _ => components,
        };
    }

    // Covariance = L L^T; the whitening is L^-1, by forward substitution. Returns the logarithm of its determinant.
    static double Whiten(ReadOnlySpan<double> covariance, Span<double> inverse, int dimensions, int component)
    {
        var lower = new double[dimensions * dimensions];
        var logarithm = 0.0;
        for (var row = 0; row < dimensions; row++)
            for (var column = 0; column <= row; column++)
            {
                var sum = covariance[row * dimensions + column];
                for (var at = 0; at < column; at++) sum -= lower[row * dimensions + at] * lower[column * dimensions + at];
                if (row != column) lower[row * dimensions + column] = sum / lower[column * dimensions + column];
                else if (sum > 0) logarithm -= Math.Log(lower[row * dimensions + row] = Math.Sqrt(sum));
                else throw new TrainingFailedException($"The covariance of component {component} has collapsed: its points lie in a plane "
                    + "or are one point. Raise regularization, or take fewer components.");
            }
        for (var column = 0; column < dimensions; column++)
            for (var row = column; row < dimensions; row++)
            {
                var sum = row == column ? 1.0 : 0.0;
                for (var at = column; at < row; at++) sum -= lower[row * dimensions + at] * inverse[at * dimensions + column];
                inverse[row * dimensions + column] = sum / lower[row * dimensions + row];
            }
        return logarithm;
    }
}
