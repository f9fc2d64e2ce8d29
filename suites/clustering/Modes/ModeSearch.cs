using Suites.Clustering.Centers;
using Suites.Clustering.Densities;

namespace Suites.Clustering.Modes;

/// <summary>
/// Mean shift with a flat kernel (Comaniciu and Meer 2002): from every point, up to the mean of the points within reach, again and again,
/// until a mode of the density is reached. Modes within reach of one with more points are the same as it.
/// </summary>
sealed class ModeSearch(PointTable points, double bandwidth, int maxIterations)
{
    // As scikit-learn: a step of less than this share of the bandwidth is none.
    const double Stillness = 1e-3;

    readonly Neighborhoods _tree = new(points);

    sealed record Mode(double[] Place, int Points);

    /// <summary>The modes, those with most points first, axes [mode, dimension].</summary>
    public PointTable Modes(int threads, CancellationToken cancellation)
    {
        var climbed = new Mode[points.Count];
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            start => climbed[start] = Climb(points[start].ToArray()));
        var different = new List<Mode>();
        foreach (var mode in climbed.OrderByDescending(mode => mode.Points).ThenByDescending(mode => mode.Place, Comparer))
            if (different.TrueForAll(other => Nearest.Squared(other.Place, mode.Place) > bandwidth * bandwidth)) different.Add(mode);
        return new([.. different.SelectMany(mode => mode.Place)], different.Count, points.Dimensions);
    }

    Mode Climb(double[] place)
    {
        var near = new List<int>();
        for (var iteration = 0; ; iteration++)
        {
            _tree.Within(place, bandwidth, near);
            var mean = new double[place.Length];
            foreach (var point in near)
                for (var axis = 0; axis < mean.Length; axis++) mean[axis] += points[point][axis] / near.Count;
            // Rounding may leave a mean of equal points beside them.
            if (near.Count == 0) return new(place, 1);
            var step = Math.Sqrt(Nearest.Squared(mean, place));
            place = mean;
            if (step <= Stillness * bandwidth || iteration == maxIterations) return new(place, near.Count);
        }
    }

    static Comparer<double[]> Comparer { get; } = Comparer<double[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));
}
