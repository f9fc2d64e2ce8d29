namespace Harness.Datasets;

/// <summary>Draws from further distributions.</summary>
public static class Distributions
{
    /// <summary>Gamma with rate 1 (Marsaglia and Tsang 2000); below shape 1 by a power of a uniform draw.</summary>
    /// <param name="shape">Above 0.</param>
    public static double Gamma(this Chance chance, double shape)
    {
        if (shape < 1) return chance.Gamma(shape + 1) * Math.Pow(1 - chance.Unit(), 1 / shape);
        var third = shape - 1.0 / 3;
        var scale = 1 / Math.Sqrt(9 * third);
        while (true)
        {
            var normal = chance.Normal();
            var root = 1 + scale * normal;
            if (root <= 0) continue;
            var cube = root * root * root;
            if (Math.Log(1 - chance.Unit()) < 0.5 * normal * normal + third * (1 - cube + Math.Log(cube))) return third * cube;
        }
    }

    /// <summary>Poisson, exactly: products of uniform draws (Knuth), for a large mean of parts of it.</summary>
    /// <param name="mean">0 or more.</param>
    public static int Poisson(this Chance chance, double mean)
    {
        const double Part = 16;
        var count = 0;
        for (; mean > Part; mean -= Part) count += Below(Part);
        return count + Below(mean);

        int Below(double part)
        {
            var (limit, product, events) = (Math.Exp(-part), 1 - chance.Unit(), 0);
            for (; product > limit; events++) product *= 1 - chance.Unit();
            return events;
        }
    }
}
