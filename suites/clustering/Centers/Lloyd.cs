using System.Numerics;
using Harness.Datasets;

namespace Suites.Clustering.Centers;

/// <param name="Assignment">The nearest centre of every point.</param>
/// <param name="Inertia">The sum of squared distances of all points to their nearest centre.</param>
/// <param name="Iterations">How often centres were moved.</param>
sealed record Placement(PointTable Centers, int[] Assignment, double Inertia, int Iterations)
{
    /// <summary>The least inertia of several starts, the earliest of equals.</summary>
    public static Placement Best(int restarts, Func<Placement> start)
    {
        Placement? best = null;
        for (var restart = 0; restart < restarts; restart++)
        {
            var placement = start();
            if (best is null || placement.Inertia < best.Inertia) best = placement;
        }
        return best!;
    }
}

/// <summary>
/// Lloyd's algorithm (1982): assign every point to its nearest centre, move every centre to the mean of its points, repeat. A centre that
/// is left without points moves to the point that is farthest from its own centre, so the inertia never rises and no cluster is lost.
/// Distances that the triangle inequality shows to be longer are not computed (Elkan 2003), which changes no assignment. Points are summed
/// in a fixed number of parts, so that the result does not depend on threads.
/// </summary>
/// <param name="tolerance">It ends when the squared movements of all centres sum to at most this share of the mean variance.</param>
/// <param name="iterated">Takes the inertia of each assignment.</param>
sealed class Lloyd(PointTable points, double tolerance, int maxIterations, Action<double> iterated, int threads = 1)
{
    const int Parts = 16;
    // Fewer are done before other threads have begun.
    const int FewPoints = 1024;
    // Bounds beyond this many take more memory than the distances are worth.
    const long MostBounds = 1 << 26;
    // Bounds are moved once an iteration and round each time.
    const double Certain = 1 - 1e-9;

    readonly double _stillness = tolerance * MeanVariance(points);
    readonly int[] _assignment = new int[points.Count];
    readonly double[] _distances = new double[points.Count];
    // Of each part, the sums of the points of each centre: taken while a point is at hand, as memory is slower than arithmetic.
    readonly double[][] _sums = new double[Parts][];
    // Least distance of each point to each centre, [point, centre]; null where there are too many or none yet.
    double[]? _bounds;

    /// <param name="start">Where the centres begin; not changed.</param>
    /// <exception cref="TrainingFailedException">The distances overflow.</exception>
    public Placement Run(PointTable start)
    {
        var centers = start;
        var before = new int[points.Count];
        var iteration = 0;
        _bounds = null;
        for (var settled = false; !settled && iteration < maxIterations; iteration++)
        {
            _assignment.CopyTo(before, 0);
            iterated(Assign(centers, sum: true));
            var sizes = Sizes(centers.Count);
            if (Refill(sizes)) InParts(Sum);
            var moved = Means(centers, sizes);
            settled = (iteration > 0 && _assignment.AsSpan().SequenceEqual(before)) || Shift(centers, moved) <= _stillness;
            Loosen(centers, moved);
            centers = moved;
        }
        var inertia = Assign(centers, sum: false);
        return new(centers, [.. _assignment], inertia, iteration);
    }

    /// <summary>The least inertia of several starts from seeds of k-means++, the earliest of equals.</summary>
    /// <exception cref="TrainingFailedException">The distances overflow.</exception>
    public Placement Best(int clusters, int restarts, Chance chance) =>
        Placement.Best(restarts, () => Run(PlusPlus.Draw(points, clusters, chance)));

    double Assign(PointTable centers, bool sum)
    {
        var known = _bounds;
        if ((long)points.Count * centers.Count <= MostBounds) _bounds ??= new double[points.Count * centers.Count];
        var sums = new double[Parts];
        InParts((part, first, end) =>
        {
            if (sum) _sums[part] = new double[centers.Values.Length];
            for (var i = first; i < end; i++)
            {
                if (known is not null) Approach(centers, i, known.AsSpan(i * centers.Count, centers.Count));
                else Search(centers, i);
                sums[part] += _distances[i];
                if (sum) AddTo(_sums[part], i);
            }
        });
        var inertia = sums.Sum();
        return double.IsFinite(inertia) ? inertia : throw PlusPlus.Overflow();
    }

    void Search(PointTable centers, int point)
    {
        if (_bounds is not { } bounds)
        {
            (_assignment[point], _distances[point]) = Nearest.Of(centers, points[point]);
            return;
        }
        var (best, least) = (0, double.PositiveInfinity);
        for (var center = 0; center < centers.Count; center++)
        {
            var squared = Nearest.Squared(centers[center], points[point]);
            bounds[point * centers.Count + center] = Math.Sqrt(squared);
            if (squared < least) (best, least) = (center, squared);
        }
        (_assignment[point], _distances[point]) = (best, least);
    }

    // From the centre of before, which seldom is another now; of equally near ones the first, as in a full search.
    void Approach(PointTable centers, int point, Span<double> bounds)
    {
        var own = _assignment[point];
        var (best, least) = (own, Nearest.Squared(centers[own], points[point]));
        var distance = bounds[own] = Math.Sqrt(least);
        for (var center = 0; center < bounds.Length; center++)
        {
            if (center == own || bounds[center] * Certain > distance) continue;
            var squared = Nearest.Squared(centers[center], points[point]);
            bounds[center] = Math.Sqrt(squared);
            if (squared < least || (squared == least && center < best)) (best, least, distance) = (center, squared, bounds[center]);
        }
        (_assignment[point], _distances[point]) = (best, least);
    }

    // A centre that moved by so much is nearer by at most so much.
    void Loosen(PointTable from, PointTable to)
    {
        if (_bounds is not { } bounds) return;
        var shifts = new double[from.Count];
        for (var center = 0; center < shifts.Length; center++) shifts[center] = Math.Sqrt(Nearest.Squared(from[center], to[center]));
        InParts((_, first, end) =>
        {
            for (var i = first; i < end; i++)
                for (var center = 0; center < shifts.Length; center++) bounds[i * shifts.Length + center] -= shifts[center];
        });
    }

    void InParts(Action<int, int, int> work)
    {
        if (threads == 1 || points.Count < FewPoints)
            for (var part = 0; part < Parts; part++) Run(part);
        else Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, Run);

        void Run(int part) => work(part, (int)((long)part * points.Count / Parts), (int)((part + 1L) * points.Count / Parts));
    }

    int[] Sizes(int count)
    {
        var sizes = new int[count];
        foreach (var center in _assignment) sizes[center]++;
        return sizes;
    }

    // Only a cluster of two or more gives a point away. When none of these lies off its centre, nothing can be gained.
    // Whether a point was given away.
    bool Refill(int[] sizes)
    {
        var given = false;
        for (var empty = 0; empty < sizes.Length; empty++)
        {
            if (sizes[empty] > 0) continue;
            var (farthest, most) = (-1, 0.0);
            for (var i = 0; i < _distances.Length; i++)
                if (_distances[i] > most && sizes[_assignment[i]] > 1) (farthest, most) = (i, _distances[i]);
            if (farthest < 0) break;
            given = true;
            sizes[_assignment[farthest]]--;
            sizes[empty] = 1;
            (_assignment[farthest], _distances[farthest]) = (empty, 0);
        }
        return given;
    }

    PointTable Means(PointTable centers, int[] sizes)
    {
        var dimensions = points.Dimensions;
        var sums = _sums[0];
        foreach (var part in _sums.AsSpan(1)) Add(sums, part);
        for (var center = 0; center < sizes.Length; center++)
            for (var axis = center * dimensions; axis < (center + 1) * dimensions; axis++)
                sums[axis] = sizes[center] == 0 ? centers.Values[axis] : sums[axis] / sizes[center];
        return centers with { Values = sums };
    }

    void Sum(int part, int first, int end)
    {
        Array.Clear(_sums[part]);
        for (var i = first; i < end; i++) AddTo(_sums[part], i);
    }

    void AddTo(double[] sums, int point) => Add(sums.AsSpan(_assignment[point] * points.Dimensions, points.Dimensions), points[point]);

    static void Add(Span<double> sums, ReadOnlySpan<double> values)
    {
        var axis = 0;
        for (; axis + Vector<double>.Count <= sums.Length; axis += Vector<double>.Count)
            (new Vector<double>(sums[axis..]) + new Vector<double>(values[axis..])).CopyTo(sums[axis..]);
        for (; axis < sums.Length; axis++) sums[axis] += values[axis];
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
