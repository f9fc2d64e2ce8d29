using Harness.Datasets;

namespace Suites.Clustering.Annotations;

/// <summary>
/// A scatterplot of one to six groups of points in the unit square and up to a tenth of strays. Groups differ in form, size, direction and
/// number of points, and may lie upon each other, so that some plots are clear and others are not.
/// </summary>
static class PlotDraw
{
    const int MostGroups = 6;
    const double Smallest = 0.02, Largest = 0.15, MostStrays = 0.1;

    static readonly Func<Chance, (double X, double Y)>[] Forms = [Round, Round, Box, Ring, Arc, Line];

    public static double[][] Points(int count, Chance chance)
    {
        var groups = 1 + chance.Below(MostGroups);
        Func<double[]>[] draws = [.. Enumerable.Range(0, groups).Select(_ => Group(chance))];
        double[] shares = [.. draws.Select(_ => 0.2 + chance.Unit())];
        var strays = chance.Below(2) == 0 ? 0 : MostStrays * chance.Unit();
        return [.. Enumerable.Range(0, count).Select(_ => chance.Unit() < strays ? [chance.Unit(), chance.Unit()]
            : draws[Pick(shares, chance)]())];
    }

    static Func<double[]> Group(Chance chance)
    {
        var (x, y, form) = (chance.Unit(), chance.Unit(), Forms[chance.Below(Forms.Length)]);
        var size = Smallest * Math.Pow(Largest / Smallest, chance.Unit());
        var narrow = 0.4 + 0.6 * chance.Unit();
        var (sin, cos) = Math.SinCos(2 * Math.PI * chance.Unit());
        return () =>
        {
            var (along, across) = form(chance);
            (along, across) = (size * along, size * narrow * across);
            return [x + cos * along - sin * across, y + sin * along + cos * across];
        };
    }

    static int Pick(double[] shares, Chance chance)
    {
        var (left, at) = (chance.Unit() * shares.Sum(), 0);
        while (at < shares.Length - 1 && (left -= shares[at]) >= 0) at++;
        return at;
    }

    // Each about as large as a round one of deviation 1.
    static (double, double) Round(Chance chance) => (chance.Normal(), chance.Normal());

    static (double, double) Box(Chance chance) => (3.4 * chance.Unit() - 1.7, 3.4 * chance.Unit() - 1.7);

    static (double, double) Ring(Chance chance) => OnCircle(2 * Math.PI * chance.Unit(), chance);

    static (double, double) Arc(Chance chance) => OnCircle(Math.PI * chance.Unit(), chance);

    static (double, double) Line(Chance chance) => (6 * chance.Unit() - 3, 0.15 * chance.Normal());

    static (double, double) OnCircle(double angle, Chance chance)
    {
        var radius = 2 + 0.15 * chance.Normal();
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }
}
