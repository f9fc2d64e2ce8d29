using Harness.Statistics;

namespace Harness.Detection.Fleet;

static class Draws
{
    /// <summary>Standard normal, by Box and Muller; the second value is not kept, so that draws do not depend on what came
    /// before.</summary>
    public static double Normal(this Chance chance) =>
        Math.Sqrt(-2 * Math.Log(1 - chance.Unit())) * Math.Cos(2 * Math.PI * chance.Unit());

    public static double Exponential(this Chance chance, double mean) => -mean * Math.Log(1 - chance.Unit());

    public static bool Happens(this Chance chance, double share) => chance.Unit() < share;
}
