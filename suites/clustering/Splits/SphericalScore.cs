using Suites.Clustering.Centers;

namespace Suites.Clustering.Splits;

/// <summary>
/// The Bayesian information criterion of a partition seen as equal round Gaussians (Pelleg and Moore 2000, section 3.2): log likelihood
/// less half a logarithm of the number of points for each free parameter. More is better. The variance is that of one axis, as the
/// likelihood of a round Gaussian asks; the published formula takes that of all axes together for it.
/// </summary>
static class SphericalScore
{
    public static double Of(PointTable points, int[] assignment, int clusters, double inertia)
    {
        var (count, dimensions) = ((double)points.Count, points.Dimensions);
        if (points.Count <= clusters) return double.NegativeInfinity;
        if (inertia == 0) return double.PositiveInfinity;
        var variance = inertia / (dimensions * (count - clusters));
        var likelihood = -count * dimensions / 2 * Math.Log(2 * Math.PI * variance) - inertia / (2 * variance);
        foreach (var size in assignment.CountBy(cluster => cluster)) likelihood += size.Value * Math.Log(size.Value / count);
        var parameters = clusters - 1 + clusters * dimensions + 1;
        return likelihood - parameters / 2.0 * Math.Log(count);
    }

    public static double Of(PointTable points, Placement placement) =>
        Of(points, placement.Assignment, placement.Centers.Count, placement.Inertia);
}
