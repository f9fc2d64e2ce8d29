using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// Stands in for the regression of CLAMS, which was trained on answers of people that are not public: two components look like one cluster
/// where the density between them hardly falls. v = least density of the two on the straight line between their means, by the lower of the
/// densities at the means; P(single) = 1 / (1 + exp(-steepness (v - middle))). For equal round components v falls from 1 at distances up to
/// two standard deviations to 0.64 at three and 0.27 at four.
/// </summary>
sealed record ValleySurrogate(double Middle, double Steepness)
{
    const int Steps = 64;

    public double Single(GaussianMixture mixture, int one, int other) =>
        1 / (1 + Math.Exp(-Steepness * (Valley(mixture, one, other) - Middle)));

    internal static double Valley(GaussianMixture mixture, int one, int other)
    {
        ReadOnlySpan<double> from = mixture.Means.AsSpan(2 * one, 2), to = mixture.Means.AsSpan(2 * other, 2);
        var densities = new double[Steps + 1];
        for (var step = 0; step <= Steps; step++)
        {
            var share = (double)step / Steps;
            var (x, y) = (from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
            densities[step] = Density(mixture, one, x, y) + Density(mixture, other, x, y);
        }
        return densities.Min() / Math.Min(densities[0], densities[^1]);
    }

    static double Density(GaussianMixture mixture, int component, double x, double y)
    {
        ReadOnlySpan<double> whitening = mixture.Whitening.AsSpan(4 * component, 4), mean = mixture.Means.AsSpan(2 * component, 2);
        var first = whitening[0] * (x - mean[0]);
        var second = whitening[2] * (x - mean[0]) + whitening[3] * (y - mean[1]);
        return mixture.Weights[component] * Math.Exp(mixture.LogDeterminants[component] - (first * first + second * second) / 2)
            / (2 * Math.PI);
    }
}
