using Suites.Clustering.Centers;

namespace Suites.Clustering.Ambiguity;

/// <summary>Points between which no other lies: nothing is inside of the circle whose diameter they are (Gabriel and Sokal 1969).</summary>
static class GabrielGraph
{
    public static bool AreNeighbors(PointTable points, int one, int other)
    {
        var diameter = Nearest.Squared(points[one], points[other]);
        return Enumerable.Range(0, points.Count).All(third => third == one || third == other
            // Inside, the angle at the third point is obtuse.
            || Nearest.Squared(points[one], points[third]) + Nearest.Squared(points[third], points[other]) >= diameter);
    }
}
