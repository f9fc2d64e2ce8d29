using System.Numerics;

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

    /// <summary>The same bits whatever the order of the two.</summary>
    public static double Squared(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var axis = 0;
        for (; axis + 2 * Vector<double>.Count <= one.Length; axis += 2 * Vector<double>.Count)
        {
            var difference = new Vector<double>(one[axis..]) - new Vector<double>(other[axis..]);
            even = Vector.FusedMultiplyAdd(difference, difference, even);
            var next = axis + Vector<double>.Count;
            difference = new Vector<double>(one[next..]) - new Vector<double>(other[next..]);
            odd = Vector.FusedMultiplyAdd(difference, difference, odd);
        }
        var sum = Vector.Sum(even + odd);
        for (; axis < one.Length; axis++)
        {
            var difference = one[axis] - other[axis];
            sum += difference * difference;
        }
        return sum;
    }
}
