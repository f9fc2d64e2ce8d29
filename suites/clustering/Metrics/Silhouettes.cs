using System.Numerics;
using System.Runtime.InteropServices;

namespace Suites.Clustering.Metrics;

/// <summary>Mean silhouettes without a matrix of distances: four points at a time against all, a vector of others at once.</summary>
static class Silhouettes
{
    /// <summary>Points whose silhouette is taken: all distances of more would be a matter of hours.</summary>
    public const int Most = 50_000;

    const int Rows = 4;

    public static double Mean(ClusterTable table)
    {
        var places = Places(table.Points);
        var sums = new double[(places.Length + Rows - 1) / Rows];
        Parallel.For(0, sums.Length, () => new double[Rows * table.Clusters], (block, _, distances) =>
        {
            Array.Clear(distances);
            var rows = places.AsSpan(block * Rows, Math.Min(Rows, places.Length - block * Rows));
            Distances(table, rows, distances);
            for (var row = 0; row < rows.Length; row++)
                sums[block] += Of(table, rows[row], distances.AsSpan(row * table.Clusters, table.Clusters));
            return distances;
        }, static _ => { });
        return sums.Sum() / places.Length;
    }

    static int[] Places(int points) => points <= Most ? [.. Enumerable.Range(0, points)]
        : [.. Enumerable.Range(0, Most).Select(index => (int)((long)index * points / Most))];

    static double Of(ClusterTable table, int place, ReadOnlySpan<double> distances)
    {
        var own = Array.BinarySearch(table.Starts, place) is var found && found >= 0 ? found : ~found - 1;
        if (table.Size(own) == 1) return 0;
        var (inside, outside) = (distances[own] / (table.Size(own) - 1), double.PositiveInfinity);
        for (var cluster = 0; cluster < distances.Length; cluster++)
            if (cluster != own) outside = Math.Min(outside, distances[cluster] / table.Size(cluster));
        // Equal points everywhere: neither nearer nor farther.
        return Math.Max(inside, outside) is var larger and > 0 ? (outside - inside) / larger : 0;
    }

    // The sums of distances of up to four points to each cluster, axes [row, cluster].
    static void Distances(ClusterTable table, ReadOnlySpan<int> rows, Span<double> sums)
    {
        Span<int> four = stackalloc int[Rows];
        for (var row = 0; row < Rows; row++) four[row] = rows[Math.Min(row, rows.Length - 1)];
        for (var cluster = 0; cluster < table.Clusters; cluster++)
        {
            var (at, end) = (table.Starts[cluster], table.Starts[cluster + 1]);
            var (sum0, sum1, sum2, sum3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (; at + Vector<double>.Count <= end; at += Vector<double>.Count)
            {
                var (square0, square1, square2, square3) = Squares(table, four, at);
                sum0 += Vector.SquareRoot(square0);
                sum1 += Vector.SquareRoot(square1);
                sum2 += Vector.SquareRoot(square2);
                sum3 += Vector.SquareRoot(square3);
            }
            sums[cluster] += Vector.Sum(sum0);
            sums[table.Clusters + cluster] += Vector.Sum(sum1);
            sums[2 * table.Clusters + cluster] += Vector.Sum(sum2);
            sums[3 * table.Clusters + cluster] += Vector.Sum(sum3);
            for (; at < end; at++)
                for (var row = 0; row < Rows; row++) sums[row * table.Clusters + cluster] += Math.Sqrt(Square(table, four[row], at));
        }
    }

    static (Vector<double>, Vector<double>, Vector<double>, Vector<double>) Squares(ClusterTable table, ReadOnlySpan<int> rows, int at)
    {
        var (square0, square1, square2, square3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        ref var axis = ref MemoryMarshal.GetArrayDataReference(table.Values);
        for (var dimension = 0; dimension < table.Dimensions; dimension++)
        {
            var others = Vector.LoadUnsafe(ref axis, (nuint)(dimension * (long)table.Points + at));
            var values = table.Axis(dimension);
            var difference0 = others - new Vector<double>(values[rows[0]]);
            var difference1 = others - new Vector<double>(values[rows[1]]);
            var difference2 = others - new Vector<double>(values[rows[2]]);
            var difference3 = others - new Vector<double>(values[rows[3]]);
            square0 = Vector.FusedMultiplyAdd(difference0, difference0, square0);
            square1 = Vector.FusedMultiplyAdd(difference1, difference1, square1);
            square2 = Vector.FusedMultiplyAdd(difference2, difference2, square2);
            square3 = Vector.FusedMultiplyAdd(difference3, difference3, square3);
        }
        return (square0, square1, square2, square3);
    }

    static double Square(ClusterTable table, int one, int other)
    {
        var sum = 0.0;
        for (var dimension = 0; dimension < table.Dimensions; dimension++)
        {
            var values = table.Axis(dimension);
            sum += (values[one] - values[other]) * (values[one] - values[other]);
        }
        return sum;
    }
}
