using Suites.Clustering.Centers;

namespace Suites.Clustering.Trees;

/// <summary>
/// Complete and average linkage by chains of nearest neighbours (Murtagh 1983) over the matrix of distances, updated by Lance and Williams
/// (1967): O(points²) time and memory.
/// </summary>
/// <param name="distances">Of every pair, the lower triangle row by row; changed.</param>
sealed class MatrixChain(double[] distances, int count, bool average, int threads)
{
    /// <summary>Fewer clusters are not worth a second thread.</summary>
    const int WorthThreads = 2048;

    /// <summary>Points whose matrix still fits: 8 bytes for each pair.</summary>
    public const int Most = 30_000;

    readonly int[] _sizes = [.. Enumerable.Repeat(1, count)];

    /// <exception cref="TrainingFailedException">There are more points than <see cref="Most"/>.</exception>
    public static MatrixChain Of(PointTable points, bool average, int threads) =>
        new(Distances(points, threads), points.Count, average, threads);

    public Merge[] Merges(CancellationToken cancellation)
    {
        var merges = new List<Merge>(count - 1);
        var (path, left) = (new List<int>(), Enumerable.Range(0, count).ToList());
        while (left.Count > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            if (path.Count == 0) path.Add(left[0]);
            var last = path[^1];
            var before = path.Count > 1 ? path[^2] : -1;
            var next = NearestOf(last, before, left);
            if (next != before)
            {
                path.Add(next);
                continue;
            }
            path.RemoveRange(path.Count - 2, 2);
            merges.Add(new(last, next, At(last, next)));
            Join(last, next, left);
        }
        return [.. merges];
    }

    // The one before wins against equals, so that chains end; among others the first does, however many threads look.
    int NearestOf(int one, int before, List<int> left)
    {
        var found = new (int Point, double Distance)[Parts(left)];
        InParts(left, (part, from, to) => found[part] = Least(one, left, from, to));
        var (best, least) = before >= 0 ? (before, At(one, before)) : (-1, double.PositiveInfinity);
        foreach (var (point, distance) in found)
            if (point >= 0 && (distance < least || best < 0)) (best, least) = (point, distance);
        return best;
    }

    (int Point, double Distance) Least(int one, List<int> left, int from, int to)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var place = from; place < to; place++)
            if (left[place] is var other && other != one && At(one, other) is var distance && (distance < least || best < 0))
                (best, least) = (other, distance);
        return (best, least);
    }

    void Join(int one, int other, List<int> left)
    {
        var (keep, free) = one < other ? (one, other) : (other, one);
        double share = (double)_sizes[keep] / (_sizes[keep] + _sizes[free]);
        left.RemoveAt(left.BinarySearch(free));
        InParts(left, (_, from, to) =>
        {
            for (var place = from; place < to; place++)
            {
                var third = left[place];
                if (third == keep) continue;
                var (first, second) = (At(keep, third), At(free, third));
                At(keep, third) = average ? share * first + (1 - share) * second : Math.Max(first, second);
            }
        });
        _sizes[keep] += _sizes[free];
    }

    int Parts(List<int> left) => left.Count < WorthThreads ? 1 : threads;

    void InParts(List<int> left, Action<int, int, int> work)
    {
        var parts = Parts(left);
        if (parts == 1) work(0, 0, left.Count);
        else Parallel.For(0, parts, part => work(part, left.Count * part / parts, left.Count * (part + 1) / parts));
    }

    ref double At(int one, int other) => ref distances[one > other ? Row(one) + other : Row(other) + one];

    static long Row(int point) => (long)point * (point - 1) / 2;

    static double[] Distances(PointTable points, int threads)
    {
        points.RequireAtMost(Most, "This linkage keeps the distance of every pair",
            "Take linkage single or ward, which need no matrix, or fewer points.");
        var distances = new double[Row(points.Count)];
        Parallel.For(1, points.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, one =>
        {
            for (var other = 0; other < one; other++)
                distances[Row(one) + other] = Math.Sqrt(Nearest.Squared(points[one], points[other]));
        });
        return distances;
    }
}
