using Harness.Datasets;

namespace Suites.Clustering.Spectra;

/// <summary>
/// Points as rows of the eigenvectors of a graph's normalised Laplacian with the smallest eigenvalues, divided by the square root of the
/// degrees (Shi and Malik 2000; von Luxburg 2007). A graph that falls into parts has the eigenvectors of its parts.
/// </summary>
static class SpectralEmbedding
{
    /// <returns>Axes [point, eigenvector]; of equal eigenvalues, those of larger parts come first.</returns>
    public static PointTable Of(IAffinity affinity, int dimensions, Chance chance, CancellationToken cancellation)
    {
        var components = affinity.Components();
        int[][] parts = [.. Enumerable.Range(0, affinity.Size).GroupBy(point => components[point]).Select(part => part.ToArray())
            .OrderByDescending(part => part.Length)];
        var columns = parts.SelectMany(part => Vectors(affinity.Of(part), part, dimensions, chance, cancellation))
            .OrderByDescending(column => column.Value).Take(dimensions).ToArray();
        var embedding = new double[affinity.Size * columns.Length];
        for (var at = 0; at < columns.Length; at++)
            foreach (var (place, point) in columns[at].Points.Index())
                embedding[point * columns.Length + at] = columns[at].Coordinates[place];
        return new(embedding, affinity.Size, columns.Length);
    }

    static IEnumerable<(double Value, int[] Points, double[] Coordinates)> Vectors(IAffinity part, int[] points, int wanted, Chance chance,
        CancellationToken cancellation)
    {
        // A point alone: its row of the Laplacian is 0.
        if (points.Length == 1) return [(1, points, [1])];
        var normalized = new NormalizedAffinity(part);
        var pairs = Lanczos.Largest(normalized, wanted, chance, cancellation);
        // The first eigenvalue of a part is 1; rounding must not decide between parts.
        return pairs.Values.Select((value, at) => (at == 0 ? 1 : value, points, normalized.Unscaled(pairs.Vectors[at])));
    }
}
