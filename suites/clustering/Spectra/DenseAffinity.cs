using Suites.Clustering.Centers;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Spectra;

/// <summary>A weight for every pair of points.</summary>
/// <param name="weights">[point, point], symmetric, 0 or more, 0 on the diagonal.</param>
sealed class DenseAffinity(double[][] weights) : IAffinity
{
    /// <summary>Points whose weights still fit: 8 bytes for each two.</summary>
    public const int Most = 12_000;

    // Points so far apart do not hang together: such weights are about to underflow.
    const double Nothing = 1e-300;

    readonly double[][] _weights = weights;

    /// <summary>Weights that fall with the square of the distance: exp(-gamma |x - y|²).</summary>
    /// <exception cref="TrainingFailedException">There are too many points.</exception>
    public static DenseAffinity Gaussian(PointTable points, double gamma, int threads)
    {
        points.RequireAtMost(Most, "This affinity keeps a weight for every pair", "Take affinity neighbors, or fewer points.");
        var weights = new double[points.Count][];
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, one =>
        {
            var row = weights[one] = new double[points.Count];
            for (var other = 0; other < row.Length; other++)
                if (other != one && Math.Exp(-gamma * Nearest.Squared(points[one], points[other])) is >= Nothing and var weight)
                    row[other] = weight;
        });
        return new(weights);
    }

    public int Size => _weights.Length;

    public void Apply(ReadOnlySpan<double> vector, Span<double> image)
    {
        for (var point = 0; point < Size; point++) image[point] = Subspace.Dot(_weights[point], vector);
    }

    public int[] Components()
    {
        var sets = new DisjointSets(Size);
        for (var one = 0; one < Size; one++)
            for (var other = 0; other < one; other++)
                if (_weights[one][other] > 0) sets.Join(one, other);
        return sets.Labels();
    }

    public IAffinity Of(int[] points) => points.Length == Size ? this
        : new DenseAffinity([.. points.Select(one => points.Select(other => _weights[one][other]).ToArray())]);
}
