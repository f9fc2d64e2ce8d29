using Harness.Torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>The proportion in which samples are mixed: one draw from Beta(a, a) for a whole batch.</summary>
static class Mixup
{
    /// <summary>A draw from the symmetric beta distribution, from two gamma variates.</summary>
    public static double Share(double alpha, SampleOrder chance)
    {
        var (one, other) = (Gamma(alpha, chance), Gamma(alpha, chance));
        // With a tiny alpha both may vanish; the distribution then has its mass at 0 and 1.
        return one + other > 0 ? one / (one + other) : chance.Below(2);
    }

    // Marsaglia and Tsang 2000; below one by the boost of their section 6.
    static double Gamma(double shape, SampleOrder chance)
    {
        if (shape < 1) return Gamma(shape + 1, chance) * Math.Pow(Open(chance), 1 / shape);
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(chance);
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(Open(chance)) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    static double Normal(SampleOrder chance) =>
        Math.Sqrt(-2 * Math.Log(Open(chance))) * Math.Cos(2 * Math.PI * chance.Unit());

    // In (0, 1].
    static double Open(SampleOrder chance) => 1 - chance.Unit();
}
