using Harness.Datasets;

namespace Suites.Clustering.Centers;

/// <summary>
/// Spherical k-means (Dhillon and Modha 2001): Lloyd's algorithm on directions. A point belongs to the centre of the largest cosine, a
/// centre is the direction of the sum of its points; one that is left without points, or whose points cancel out, stays where it is.
/// </summary>
/// <param name="points">Of unit length.</param>
/// <param name="iterated">Takes the inertia of each assignment: the sum of squared distances on the unit sphere, 2 - 2 cos.</param>
sealed class SphericalLloyd(PointTable points, int maxIterations, Action<double> iterated)
{
    /// <summary>Points scaled to unit length.</summary>
    /// <exception cref="TrainingFailedException">A point lies at the origin and so has no direction.</exception>
    public static PointTable Directions(PointTable points)
    {
        var values = points.Values.ToArray();
        for (var i = 0; i < points.Count; i++)
            if (!Normalize(values.AsSpan(i * points.Dimensions, points.Dimensions)))
                throw new TrainingFailedException($"Point {i} lies at the origin and has no direction, and directions are clustered here; "
                    + "move the origin, or drop it before clustering.");
        return points with { Values = values };
    }

    /// <summary>The least inertia of several starts from seeds of k-means++, the earliest of equals.</summary>
    public Placement Best(int clusters, int restarts, Chance chance) =>
        Placement.Best(restarts, () => Run(PlusPlus.Draw(points, clusters, chance)));

    /// <param name="start">Of unit length; not changed.</param>
    public Placement Run(PointTable start)
    {
        var (centers, assignment, iteration) = (start, Array.Empty<int>(), 0);
        for (; iteration < maxIterations; iteration++)
        {
            var (moved, inertia) = Assign(centers);
            iterated(inertia);
            if (moved.AsSpan().SequenceEqual(assignment)) break;
            assignment = moved;
            centers = Means(centers, assignment);
        }
        var (last, total) = Assign(centers);
        return new(centers, last, total, iteration);
    }

    (int[] Assignment, double Inertia) Assign(PointTable centers)
    {
        var (assignment, inertia) = (new int[points.Count], 0.0);
        for (var i = 0; i < assignment.Length; i++)
        {
            (assignment[i], var squared) = Nearest.Of(centers, points[i]);
            inertia += squared;
        }
        return (assignment, inertia);
    }

    PointTable Means(PointTable centers, int[] assignment)
    {
        var sums = new double[centers.Values.Length];
        for (var i = 0; i < assignment.Length; i++)
            for (var axis = 0; axis < points.Dimensions; axis++) sums[assignment[i] * points.Dimensions + axis] += points[i][axis];
        for (var center = 0; center < centers.Count; center++)
            if (!Normalize(sums.AsSpan(center * points.Dimensions, points.Dimensions)))
                centers[center].CopyTo(sums.AsSpan(center * points.Dimensions));
        return centers with { Values = sums };
    }

    // Whether it has a direction at all. The largest coordinate goes first, so that squares neither overflow nor vanish.
    static bool Normalize(Span<double> vector)
    {
        var largest = 0.0;
        foreach (var value in vector) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) return false;
        var squares = 0.0;
        foreach (ref var value in vector)
        {
            value /= largest;
            squares += value * value;
        }
        var length = Math.Sqrt(squares);
        foreach (ref var value in vector) value /= length;
        return true;
    }
}
