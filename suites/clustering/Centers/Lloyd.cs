namespace Suites.Clustering.Centers;

/// <param name="Assignment">The nearest centre of every point.</param>
/// <param name="Inertia">The sum of squared distances of all points to their nearest centre.</param>
/// <param name="Iterations">How often centres were moved.</param>
sealed record Placement(PointTable Centers, int[] Assignment, double Inertia, int Iterations);

/// <summary>
/// Lloyd's algorithm (1982): assign every point to its nearest centre, move every centre to the mean of its points, repeat. A centre that
/// is left without points moves to the point that is farthest from its own centre, so the inertia never rises and no cluster is lost.
/// </summary>
/// <param name="tolerance">It ends when the squared movements of all centres sum to at most this share of the mean variance.</param>
/// <param name="iterated">Takes the inertia of each assignment.</param>
sealed class Lloyd(PointTable points, double tolerance, int maxIterations, Action<double> iterated)
{
    readonly double _stillness = tolerance * MeanVariance(points);
    readonly int[] _assignment = new int[points.Count];
    readonly double[] _distances = new double[points.Count];

    /// <param name="start">Where the centres begin; not changed.</param>
    /// <exception cref="TrainingFailedException">The distances overflow.</exception>
    public Placement Run(PointTable start)
    {
        var centers = start;
        var before = new int[points.Count];
        var iteration = 0;
        for (var settled = false; !settled && iteration < maxIterations; iteration++)
        {
            _assignment.CopyTo(before, 0);
            iterated(Assign(centers));
            var sizes = Sizes(centers.Count);
            Refill(sizes);
            var moved = Means(centers, sizes);
            settled = (iteration > 0 && _assignment.AsSpan().SequenceEqual(before)) || Shift(centers, moved) <= _stillness;
            centers = moved;
        }
        var inertia = Assign(centers);
        return new(centers, [.. _assignment], inertia, iteration);
    }

    double Assign(PointTable centers)
    {
        var inertia = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            (_assignment[i], _distances[i]) = Nearest.Of(centers, points[i]);
            inertia += _distances[i];
        }
        return double.IsFinite(inertia) ? inertia : throw PlusPlus.Overflow();
    }

    int[] Sizes(int count)
    {
        var sizes = new int[count];
        foreach (var center in _assignment) sizes[center]++;
        return sizes;
    }

    // Only a cluster of two or more gives a point away. When none of these lies off its centre, nothing can be gained.
    void Refill(int[] sizes)
    {
        for (var empty = 0; empty < sizes.Length; empty++)
        {
            if (sizes[empty] > 0) continue;
            var (farthest, most) = (-1, 0.0);
            for (var i = 0; i < _distances.Length; i++)
                if (_distances[i] > most && sizes[_assignment[i]] > 1) (farthest, most) = (i, _distances[i]);
            if (farthest < 0) return;
            sizes[_assignment[farthest]]--;
            sizes[empty] = 1;
            (_assignment[farthest], _distances[farthest]) = (empty, 0);
        }
    }

    PointTable Means(PointTable centers, int[] sizes)
    {
        var dimensions = points.Dimensions;
        var sums = new double[centers.Values.Length];
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var sum = sums.AsSpan(_assignment[i] * dimensions, dimensions);
            for (var axis = 0; axis < dimensions; axis++) sum[axis] += point[axis];
        }
        for (var center = 0; center < sizes.Length; center++)
            for (var axis = center * dimensions; axis < (center + 1) * dimensions; axis++)
                sums[axis] = sizes[center] == 0 ? centers.Values[axis] : sums[axis] / sizes[center];
        return centers with { Values = sums };
    }

    static double Shift(PointTable from, PointTable to) => Nearest.Squared(from.Values, to.Values);

    static double MeanVariance(PointTable points)
    {
        var total = 0.0;
        for (var axis = 0; axis < points.Dimensions; axis++)
        {
            var (mean, squares) = (0.0, 0.0);
            for (var i = 0; i < points.Count; i++) mean += points[i][axis] / points.Count;
            for (var i = 0; i < points.Count; i++) squares += Math.Pow(points[i][axis] - mean, 2) / points.Count;
            total += squares / points.Dimensions;
        }
        return total;
    }
}
