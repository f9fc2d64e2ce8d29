using Suites.Clustering.Densities;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Spectra;

/// <summary>Weights between some pairs of points alone.</summary>
/// <param name="neighbors">Of each point, the numbers of the others that it has a weight with.</param>
sealed class NeighborAffinity(int[][] neighbors, double[][] weights) : IAffinity
{
    /// <summary>Points whose eigensolver still fits: a kilobyte and more for each.</summary>
    public const int Most = 200_000;

    public int Size => neighbors.Length;

    /// <summary>1 where each is one of the other's nearest, 1/2 where one is.</summary>
    /// <param name="count">Nearest points of each, itself counted; those beyond the last point are left out.</param>
    /// <exception cref="TrainingFailedException">There are too many points.</exception>
    public static NeighborAffinity Of(PointTable points, int count, int threads)
    {
        points.RequireAtMost(Most, "Spectral clustering keeps more than a hundred vectors of all points",
            "Take fewer points, or family k-means.");
        var tree = new Neighborhoods(points);
        var nearest = new int[points.Count][];
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = threads },
            point => nearest[point] = tree.NearestTo(point, Math.Min(count, points.Count)));
        return OfHalves(points.Count, nearest.Select((others, point) => others.Where(other => other != point).ToArray())
            .Select(others => (others, others.Select(_ => 0.5).ToArray())));
    }

    /// <summary>The sum of a matrix and its transpose.</summary>
    /// <param name="rows">Of each point, the others that its row names, each once, and their entries.</param>
    public static NeighborAffinity OfHalves(int count, IEnumerable<(int[] Others, double[] Entries)> rows)
    {
        var sums = new SortedDictionary<int, double>[count];
        for (var point = 0; point < count; point++) sums[point] = [];
        foreach (var (point, (others, entries)) in rows.Index())
            foreach (var (other, entry) in others.Zip(entries))
            {
                sums[point][other] = sums[point].GetValueOrDefault(other) + entry;
                sums[other][point] = sums[other].GetValueOrDefault(point) + entry;
            }
        return new([.. sums.Select(row => row.Keys.ToArray())], [.. sums.Select(row => row.Values.ToArray())]);
    }

    public void Apply(ReadOnlySpan<double> vector, Span<double> image)
    {
        for (var point = 0; point < Size; point++)
        {
            var (others, row, sum) = (neighbors[point], weights[point], 0.0);
            for (var at = 0; at < row.Length; at++) sum += row[at] * vector[others[at]];
            image[point] = sum;
        }
    }

    public int[] Components()
    {
        var sets = new DisjointSets(Size);
        for (var point = 0; point < Size; point++)
            foreach (var other in neighbors[point]) sets.Join(point, other);
        return sets.Labels();
    }

    public IAffinity Of(int[] points)
    {
        var places = points.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return new NeighborAffinity([.. points.Select(point => neighbors[point].Select(other => places[other]).ToArray())],
            [.. points.Select(point => weights[point])]);
    }
}
