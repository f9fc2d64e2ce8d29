using Harness.Datasets;
using MathNet.Numerics;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Draws from the Pólya-Gamma distribution PG(b, z) (Polson, Scott and Windle 2013), in which
/// E exp(-s w) = cosh(z/2)^b / cosh(sqrt(z²/4 + s/2))^b.
/// Below <see cref="Exact"/>, whole parts of b are exact (Devroye's alternating series) and the rest is the sum of gammas, its tail beyond
/// 24 terms by its mean. From there on it is a shifted gamma with the same mean, variance and skewness.
/// </summary>
static class PolyaGamma
{
    /// <summary>From this shape on by three moments: then E exp(-2 w / E w) is right to 2e-3 of itself at any z.</summary>
    public const double Exact = 2;

    const double Cut = 0.64;
    const int Terms = 24;

    /// <param name="shape">b, above 0.</param>
    /// <param name="tilt">z.</param>
    public static double Draw(double shape, double tilt, Chance chance)
    {
        var half = 0.5 * Math.Abs(tilt);
        if (shape >= Exact) return ByMoments(shape, half, chance);
        var (sum, left) = (0.0, shape);
        for (; left >= 1; left--) sum += Devroye(half, chance);
        return left > 0 ? sum + OfGammas(left, half, chance) : sum;
    }

    /// <summary>First three cumulants of PG(1, z), z = 2 <paramref name="half"/>; those of PG(b, z) are b times as large.</summary>
    public static (double Mean, double Variance, double Third) Cumulants(double half)
    {
        var square = half * half;
        if (half < 0.05)
            return (0.25 - square / 12 + square * square / 30, 1.0 / 24 - square / 30 + 17 * square * square / 840,
                1.0 / 60 - 17 * square / 840 + 31 * square * square / 1890);
        var tangent = Math.Tanh(half);
        var secant = 1 - tangent * tangent;
        return (tangent / (4 * half), (tangent - half * secant) / (16 * square * half),
            (3 * tangent - 3 * half * secant - 2 * square * secant * tangent) / (64 * square * square * half));
    }

    static double ByMoments(double shape, double half, Chance chance)
    {
        var (mean, variance, third) = Cumulants(half);
        var scale = third / (2 * variance);
        var ratio = variance / (scale * scale);
        return shape * (mean - ratio * scale) + scale * chance.Gamma(shape * ratio);
    }

    // A sum of gammas of this shape over ((k - 1/2)² + z²/4π²) 2π².
    static double OfGammas(double shape, double half, Chance chance)
    {
        var (sum, tail) = (0.0, shape * Cumulants(half).Mean);
        for (var term = 0; term < Terms; term++)
        {
            var rate = 2 * (Math.PI * Math.PI * (term + 0.5) * (term + 0.5) + half * half);
            sum += chance.Gamma(shape) / rate;
            tail -= shape / rate;
        }
        return sum + tail;
    }

    static double Devroye(double half, Chance chance)
    {
        var rate = Math.PI * Math.PI / 8 + half * half / 2;
        var right = Math.PI / (2 * rate) * Math.Exp(-rate * Cut);
        var left = 2 * Math.Exp(-half) * InverseGaussianBelowCut(half);
        while (true)
        {
            var proposed = chance.Unit() * (right + left) < right
                ? Cut - Math.Log(1 - chance.Unit()) / rate
                : TruncatedInverseGaussian(half, chance);
            if (IsAccepted(proposed, chance)) return proposed / 4;
        }
    }

    // Partial sums close in on the density from above and below in turns.
    static bool IsAccepted(double proposed, Chance chance)
    {
        var sum = Coefficient(0, proposed);
        var height = chance.Unit() * sum;
        for (var term = 1; ; term++)
        {
            sum += (term % 2 == 0 ? 1 : -1) * Coefficient(term, proposed);
            if (term % 2 == 1 && height <= sum) return true;
            if (term % 2 == 0 && height > sum) return false;
        }
    }

    static double Coefficient(int term, double at)
    {
        var middle = term + 0.5;
        return at > Cut
            ? Math.PI * middle * Math.Exp(-middle * middle * Math.PI * Math.PI * at / 2)
            : Math.Pow(2 / (Math.PI * at), 1.5) * Math.PI * middle * Math.Exp(-2 * middle * middle / at);
    }

    // Probability that an inverse Gaussian of mean 1/z and shape 1 lies below the cut; at z = 0 a Lévy distribution.
    static double InverseGaussianBelowCut(double half)
    {
        var root = 1 / Math.Sqrt(Cut);
        var first = NormalBelow(root * (Cut * half - 1));
        var second = NormalBelow(-root * (Cut * half + 1));
        // Far out the product of a huge and a tiny number is negligible beside the first one.
        return second == 0 ? first : first + Math.Exp(2 * half + Math.Log(second));
    }

    static double NormalBelow(double value) => 0.5 * SpecialFunctions.Erfc(-value / Math.Sqrt(2));

    static double TruncatedInverseGaussian(double half, Chance chance)
    {
        if (half * Cut < 1)
            while (true)
            {
                var first = -Math.Log(1 - chance.Unit());
                if (first * first > -2 * Math.Log(1 - chance.Unit()) / Cut) continue;
                var root = 1 + Cut * first;
                var value = Cut / (root * root);
                if (chance.Unit() <= Math.Exp(-half * half * value / 2)) return value;
            }
        var mean = 1 / half;
        while (true)
        {
            var normal = chance.Normal();
            var scaled = mean * normal * normal;
            var value = mean + 0.5 * mean * (scaled - Math.Sqrt(4 * scaled + scaled * scaled));
            if (chance.Unit() > mean / (mean + value)) value = mean * mean / value;
            if (value < Cut) return value;
        }
    }
}
