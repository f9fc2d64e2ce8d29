using Suites.Clustering.Centers;

namespace Suites.Clustering.Episodes;

/// <summary>One point for each class, axes [class, feature], and what points have to do with them.</summary>
static class Prototypes
{
    /// <summary>The mean of each class.</summary>
    /// <param name="classes">Of the first points; every class occurs.</param>
    public static PointTable Means(PointTable points, ReadOnlySpan<int> classes, int count)
    {
        var (means, sizes) = (new double[count * points.Dimensions], new int[count]);
        for (var point = 0; point < classes.Length; point++)
        {
            sizes[classes[point]]++;
            for (var axis = 0; axis < points.Dimensions; axis++)
                means[classes[point] * points.Dimensions + axis] += points[point][axis];
        }
        for (var at = 0; at < means.Length; at++) means[at] /= sizes[at / points.Dimensions];
        return new(means, count, points.Dimensions);
    }

    /// <summary>
    /// The mode of each class's density under a Gaussian of variance <paramref name="variance"/>: mean shift from where the class was.
    /// </summary>
    public static PointTable Modes(PointTable points, int[] classes, PointTable before, double variance)
    {
        const double Stillness = 1e-5;
        const int MostSteps = 1000;
        var modes = (double[])before.Values.Clone();
        for (var one = 0; one < before.Count; one++)
        {
            var members = points.Of([.. Enumerable.Range(0, points.Count).Where(point => classes[point] == one)]);
            var mode = modes.AsSpan(one * points.Dimensions, points.Dimensions);
            for (var step = 0; step < MostSteps; step++)
            {
                var mean = Shifted(members, mode, variance);
                var (moved, size) = (0.0, 0.0);
                for (var axis = 0; axis < mean.Length; axis++)
                {
                    moved = Math.Max(moved, Math.Abs(mean[axis] - mode[axis]));
                    size = Math.Max(size, Math.Abs(mode[axis]));
                }
                mean.CopyTo(mode);
                if (moved <= Stillness * size) break;
            }
        }
        return before with { Values = modes };
    }

    /// <summary>[point, class] squared distances.</summary>
    public static double[,] Distances(PointTable points, PointTable prototypes)
    {
        var distances = new double[points.Count, prototypes.Count];
        for (var point = 0; point < points.Count; point++)
            for (var one = 0; one < prototypes.Count; one++) distances[point, one] = Nearest.Squared(points[point], prototypes[one]);
        return distances;
    }

    // Weights are relative to the nearest member's, so that a mode far from all of them goes to that one and not to nothing.
    static double[] Shifted(PointTable members, ReadOnlySpan<double> mode, double variance)
    {
        var distances = new double[members.Count];
        for (var point = 0; point < distances.Length; point++) distances[point] = Nearest.Squared(members[point], mode);
        var (least, mean, total) = (distances.Min(), new double[mode.Length], 0.0);
        for (var point = 0; point < distances.Length; point++)
        {
            var weight = Math.Exp((least - distances[point]) / (2 * variance));
            total += weight;
            for (var axis = 0; axis < mean.Length; axis++) mean[axis] += weight * members[point][axis];
        }
        for (var axis = 0; axis < mean.Length; axis++) mean[axis] /= total;
        return mean;
    }
}
