namespace Suites.Clustering.Centers;

/// <summary>The centre nearest to a point by squared Euclidean distance; of equally near ones the first.</summary>
static class Nearest
{
    /// <summary>Multiply-accumulates of one search: no distance is cut short, so each point costs the same.</summary>
    public static long Macs(PointTable centers) => (long)centers.Count * centers.Dimensions;

    public static (int Center, double Squared) Of(PointTable centers, ReadOnlySpan<double> point)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var center = 0; center < centers.Count; center++)
        {
            var squared = Squared(centers[center], point);
            if (squared < least) (best, least) = (center, squared);
        }
        return (best, least);
    }

    public static double Squared(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var axis = 0; axis < one.Length; axis++)
        {
            var difference = one[axis] - other[axis];
            sum += difference * difference;
        }
        return sum;
    }
}
