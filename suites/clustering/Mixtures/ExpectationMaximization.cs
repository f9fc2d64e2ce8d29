namespace Suites.Clustering.Mixtures;

/// <param name="LowerBound">Mean log density of a point before the last step.</param>
/// <param name="Converged">Whether the bound had settled before the most iterations.</param>
sealed record MixtureFit(GaussianMixture Mixture, double LowerBound, int Iterations, bool Converged);

/// <summary>
/// Expectation and maximisation (Dempster, Laird and Rubin 1977) of a Gaussian mixture, both in one pass over the points. Points are summed
/// in a fixed number of parts, so that the result does not depend on threads.
/// </summary>
/// <param name="regularization">Added to every variance.</param>
/// <param name="tolerance">It ends when the mean log density changes by less.</param>
/// <param name="iterated">Takes the mean log density of each iteration.</param>
sealed class ExpectationMaximization(PointTable points, CovarianceForm form, double regularization, double tolerance, int maxIterations,
    int threads, Action<double> iterated)
{
    const int Parts = 16;

    // As scikit-learn, so that a component without points has a weight.
    static readonly double Least = 10 * (double.BitIncrement(1) - 1);

    readonly double[] _axes = points.Axes();

    /// <summary>From a partition: each point belongs to one component alone.</summary>
    public MixtureFit Run(int[] assignment, int components) => Run(Start(assignment, components));

    public MixtureFit Run(GaussianMixture mixture)
    {
        var bound = double.NegativeInfinity;
        for (var iteration = 1; iteration <= maxIterations; iteration++)
        {
            var moments = Pass(mixture);
            var (before, next) = (bound, moments.LogLikelihood / points.Count);
            (mixture, bound) = (Maximized(moments, mixture.Means), next);
            iterated(bound);
            if (Math.Abs(bound - before) < tolerance) return new(mixture, bound, iteration, true);
        }
        return new(mixture, bound, maxIterations, false);
    }

    /// <summary>The most probable component of each point, its probability, and the sum of all log densities.</summary>
    public (int[] Components, double[] Probabilities, double LogLikelihood) Assign(GaussianMixture mixture)
    {
        var (expectation, total) = (new Expectation(_axes, points.Count, mixture), 0.0);
        var (components, probabilities) = (new int[points.Count], new double[points.Count]);
        for (var first = 0; first < points.Count; first += Expectation.Stretch)
        {
            var count = Math.Min(Expectation.Stretch, points.Count - first);
            total += expectation.Run(first, count);
            for (var at = 0; at < count; at++)
            {
                var best = components[first + at] = Largest(expectation.Responsibilities, at, mixture.Components);
                probabilities[first + at] = expectation.Responsibilities[best * Expectation.Stretch + at];
            }
        }
        return (components, probabilities, total);
    }

    static int Largest(double[] responsibilities, int at, int components)
    {
        var best = 0;
        for (var k = 1; k < components; k++)
            if (responsibilities[k * Expectation.Stretch + at] > responsibilities[best * Expectation.Stretch + at]) best = k;
        return best;
    }

    Moments Pass(GaussianMixture mixture)
    {
        var parts = new Moments[Parts];
        var stretches = (points.Count + Expectation.Stretch - 1) / Expectation.Stretch;
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var (moments, expectation) = (new Moments(mixture.Components, mixture.Dimensions),
                new Expectation(_axes, points.Count, mixture));
            for (var stretch = part * stretches / Parts; stretch < (part + 1) * stretches / Parts; stretch++)
            {
                var first = stretch * Expectation.Stretch;
                var count = Math.Min(Expectation.Stretch, points.Count - first);
                moments.LogLikelihood += expectation.Run(first, count);
                moments.Add(_axes, points.Count, first, count, expectation.Responsibilities, mixture.Means, IsDiagonal);
            }
            parts[part] = moments;
        });
        foreach (var part in parts.AsSpan(1)) parts[0].Add(part);
        return parts[0];
    }

    bool IsDiagonal => form is CovarianceForm.Diagonal or CovarianceForm.Spherical;

    GaussianMixture Start(int[] assignment, int components)
    {
        var (moments, shares) = (new Moments(components, points.Dimensions), new double[components * Expectation.Stretch]);
        // About the mean of all points.
        var center = new double[components * points.Dimensions];
        for (var axis = 0; axis < points.Dimensions; axis++)
        {
            var mean = _axes.AsSpan(axis * points.Count, points.Count).ToArray().Average();
            for (var k = 0; k < components; k++) center[k * points.Dimensions + axis] = mean;
        }
        for (var first = 0; first < points.Count; first += Expectation.Stretch)
        {
            var count = Math.Min(Expectation.Stretch, points.Count - first);
            Array.Clear(shares);
            for (var at = 0; at < count; at++) shares[assignment[first + at] * Expectation.Stretch + at] = 1;
            moments.Add(_axes, points.Count, first, count, shares, center, IsDiagonal);
        }
        return Maximized(moments, center);
    }

    GaussianMixture Maximized(Moments moments, double[] about)
    {
        var (components, dimensions) = (moments.Weights.Length, points.Dimensions);
        double[] weights = [.. moments.Weights.Select(weight => weight + Least)];
        var (means, covariances) = (new double[about.Length], new double[components * dimensions * dimensions]);
        for (var k = 0; k < components; k++)
        {
            var shift = moments.First.AsSpan(k * dimensions, dimensions);
            for (var row = 0; row < dimensions; row++)
            {
                means[k * dimensions + row] = about[k * dimensions + row] + shift[row] / weights[k];
                for (var column = 0; column <= row; column++)
                {
                    var place = (k * dimensions + row) * dimensions + column;
                    covariances[place] = covariances[(k * dimensions + column) * dimensions + row] =
                        (moments.Second[place] - shift[row] * shift[column] / weights[k]) / weights[k];
                }
            }
        }
        Form(covariances, weights, components, dimensions);
        return GaussianMixture.Of([.. weights.Select(weight => weight / points.Count)], means, covariances);
    }

    void Form(double[] covariances, double[] weights, int components, int dimensions)
    {
        var size = dimensions * dimensions;
        if (form == CovarianceForm.Tied)
        {
            var shared = new double[size];
            for (var k = 0; k < components; k++)
                for (var at = 0; at < size; at++) shared[at] += covariances[k * size + at] * weights[k] / weights.Sum();
            for (var k = 0; k < components; k++) shared.CopyTo(covariances, k * size);
        }
        for (var k = 0; k < components; k++)
        {
            var mean = 0.0;
            for (var row = 0; row < dimensions; row++) mean += covariances[k * size + row * dimensions + row] / dimensions;
            for (var at = 0; at < size; at++)
                if (at % (dimensions + 1) != 0) covariances[k * size + at] = IsDiagonal ? 0 : covariances[k * size + at];
                else covariances[k * size + at] = (form == CovarianceForm.Spherical ? mean : covariances[k * size + at]) + regularization;
        }
    }
}
