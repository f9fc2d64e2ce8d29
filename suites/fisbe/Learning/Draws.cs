using Harness.Torch;

namespace Suites.Fisbe.Learning;

/// <summary>More kinds of draws from one stream.</summary>
static class Draws
{
    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public static double Unit(this SampleOrder chance) => (chance.Next() >> 11) * (1.0 / (1UL << 53));

    public static bool Coin(this SampleOrder chance) => (chance.Next() >> 63) == 1;
}
