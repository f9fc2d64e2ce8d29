using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace Harness.Statistics;

/// <summary>
/// Distribution functions and quantiles to at least eleven digits at any size. MathNet's beta integral and logarithms of factorials
/// keep only seven or eight digits from 100 000 trials on, and its inverses stop at an absolute error, so these stand on
/// Loader's saddle-point form (2000) of the binomial; what MathNet has to full accuracy is taken from it.
/// </summary>
static class Probability
{
    const int MostSteps = 100_000;
    static readonly double HalfLogTwoPi = Math.Log(2 * Math.PI) / 2;

    public static double Normal(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);

    public static double NormalQuantile(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);

    /// <summary>P(X &gt; x) of chi-squared.</summary>
    public static double ChiSquaredAbove(double x, double freedom) => SpecialFunctions.GammaUpperRegularized(freedom / 2, x / 2);

    /// <summary>P(X = successes) of the binomial.</summary>
    public static double Binomial(int successes, int trials, double share) => Point(successes, trials - successes, share, 1 - share);

    /// <summary>P(X ≤ successes) of the binomial.</summary>
    public static double BinomialUpTo(int successes, int trials, double share)
    {
        if (successes < 0) return 0;
        return successes >= trials ? 1 : Beta(trials - successes, successes + 1.0, 1 - share, share);
    }

    /// <summary>The regularized incomplete beta integral from 0 to x, with y = 1 − x given for its digits.</summary>
    public static double Beta(double a, double b, double x, double y)
    {
        if (x <= 0) return 0;
        if (y <= 0) return 1;
        var point = Point(a, b, x, y) / (a + b);
        return x < (a + 1) / (a + b + 2) ? point * b * Fraction(a, b, x) : 1 - point * a * Fraction(b, a, y);
    }

    // From the side on which the distribution lies, where its quantile is small and keeps its digits.
    public static double BetaQuantile(double a, double b, double probability) => a > b
        ? 1 - BetaQuantile(b, a, 1 - probability)
        : Solve(x => Beta(a, b, x, 1 - x), x => Point(a, b, x, 1 - x) * a * b / ((a + b) * x * (1 - x)), probability, a / (a + b));

    /// <summary>P(T ≤ t) of Student's distribution.</summary>
    public static double Student(double t, double freedom)
    {
        var tail = Beta(freedom / 2, 0.5, freedom / (freedom + t * t), t * t / (freedom + t * t)) / 2;
        return t < 0 ? tail : 1 - tail;
    }

    public static double StudentQuantile(double probability, double freedom)
    {
        if (probability < 0.5) return -StudentQuantile(1 - probability, freedom);
        if (probability == 0.5) return 0;
        var x = BetaQuantile(freedom / 2, 0.5, 2 * (1 - probability));
        return Math.Sqrt(freedom * (1 - x) / x);
    }

    /// <summary>P(X &gt; x) of Fisher's F.</summary>
    public static double FisherAbove(double x, double above, double below)
    {
        var scale = below + above * x;
        return Beta(below / 2, above / 2, below / scale, above * x / scale);
    }

    /// <summary>P(range of k standard normals ≤ q) = k∫φ(z)(Φ(z) − Φ(z − q))^(k−1)dz, by the trapezoid rule.</summary>
    public static double NormalRange(double q, int count)
    {
        const double step = 1.0 / 16, reach = 9;
        var sum = 0.0;
        for (var z = -reach; z <= reach; z += step) sum += Math.Exp(-z * z / 2) * Math.Pow(Normal(z) - Normal(z - q), count - 1);
        return Math.Min(1, count * step * sum / Math.Sqrt(2 * Math.PI));
    }

    public static double NormalRangeQuantile(double probability, int count) =>
        Brent.FindRoot(q => NormalRange(q, count) - probability, 0, 40, 1e-13, 1000);

    // Catherine Loader, "Fast and accurate computation of binomial probabilities" (2000); a and b need not be whole.
    static double Point(double a, double b, double x, double y)
    {
        var n = a + b;
        if (a == 0) return Power(y, x, n);
        if (b == 0) return Power(x, y, n);
        if (x <= 0 || y <= 0) return 0;
        var logarithm = StirlingError(n) - StirlingError(a) - StirlingError(b) - Deviance(a, n * x) - Deviance(b, n * y);
        return Math.Exp(logarithm) * Math.Sqrt(n / (2 * Math.PI * a * b));
    }

    static double Power(double x, double y, double exponent) => Math.Exp(exponent * (y < 0.1 ? SpecialFunctions.Log1p(-y) : Math.Log(x)));

    // ln Γ(n + 1) − (n + ½) ln n + n − ½ ln 2π
    static double StirlingError(double n)
    {
        if (n <= 15) return SpecialFunctions.GammaLn(n + 1) - (n + 0.5) * Math.Log(n) + n - HalfLogTwoPi;
        var square = n * n;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n;
    }

    // x ln(x / mean) + mean − x, by a series where the terms would cancel.
    static double Deviance(double x, double mean)
    {
        if (Math.Abs(x - mean) >= 0.1 * (x + mean)) return x * Math.Log(x / mean) + mean - x;
        var v = (x - mean) / (x + mean);
        double sum = (x - mean) * v, term = 2 * x * v;
        for (var j = 1; j < 1000; j++)
        {
            term *= v * v;
            var next = sum + term / (2 * j + 1);
            if (next == sum) break;
            sum = next;
        }
        return sum;
    }

    // Lentz's evaluation of the continued fraction DLMF 8.17.22, with as many steps as it needs.
    static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), value = d;
        for (var m = 1; m < MostSteps; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15) return value;
        }
        throw new ArithmeticException($"The incomplete beta integral of ({a}, {b}) at {x} did not converge.");
    }

    static double NotZero(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;

    // Newton's steps, kept between bounds by halving, so that the relative error vanishes near 0 as well.
    static double Solve(Func<double, double> distribution, Func<double, double> density, double probability, double start)
    {
        double low = 0, high = 1, x = start;
        for (var step = 0; step < 2000; step++)
        {
            var miss = distribution(x) - probability;
            if (miss > 0) high = x; else low = x;
            var next = x - miss / density(x);
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (Math.Abs(next - x) <= 1e-14 * x) return next;
            x = next;
        }
        return x;
    }
}
