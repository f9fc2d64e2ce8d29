using Harness.Datasets;

namespace Suites.Clustering.Spectra;

/// <summary>
/// Rows and columns of a matrix of weights in one space (Dhillon 2001): singular vectors of the matrix divided by the square roots of its
/// row and column sums, without the first, which says nothing, and divided by these roots once more.
/// </summary>
static class BipartiteEmbedding
{
    /// <param name="weights">Axes [row, column], 0 or more; no row and no column is 0 throughout.</param>
    /// <returns>Axes [row or column, singular vector], rows first.</returns>
    public static PointTable Of(PointTable weights, int dimensions, Chance chance, CancellationToken cancellation)
    {
        var scaled = new Scaled(weights);
        var pairs = Lanczos.Largest(scaled, dimensions + 1, chance, cancellation);
        var (count, width) = (weights.Count + weights.Dimensions, pairs.Values.Length - 1);
        var embedding = new double[count * width];
        for (var at = 0; at < width; at++)
        {
            var right = pairs.Vectors[at + 1];
            var left = scaled.Left(right);
            var length = Math.Sqrt(Subspace.Dot(left, left));
            for (var row = 0; row < weights.Count; row++) embedding[row * width + at] = left[row] / length / scaled.RowRoots[row];
            for (var column = 0; column < weights.Dimensions; column++)
                embedding[(weights.Count + column) * width + at] = right[column] / scaled.ColumnRoots[column];
        }
        return new(embedding, count, width);
    }

    /// <summary>The scaled matrix times its transpose, over columns: its eigenvectors are the right singular vectors.</summary>
    sealed class Scaled : IOperator
    {
        readonly PointTable _weights;

        public Scaled(PointTable weights)
        {
            _weights = weights;
            (RowRoots, ColumnRoots) = (new double[weights.Count], new double[weights.Dimensions]);
            for (var row = 0; row < weights.Count; row++)
                for (var column = 0; column < weights.Dimensions; column++)
                {
                    RowRoots[row] += weights[row][column];
                    ColumnRoots[column] += weights[row][column];
                }
            foreach (var sums in new[] { RowRoots, ColumnRoots })
                for (var at = 0; at < sums.Length; at++) sums[at] = Math.Sqrt(sums[at]);
        }

        public double[] RowRoots { get; }
        public double[] ColumnRoots { get; }
        public int Size => _weights.Dimensions;

        public void Apply(ReadOnlySpan<double> vector, Span<double> image)
        {
            image.Clear();
            var left = Left(vector);
            for (var row = 0; row < left.Length; row++) Subspace.AddScaled(image, _weights[row], left[row] / RowRoots[row]);
            for (var column = 0; column < image.Length; column++) image[column] /= ColumnRoots[column];
        }

        /// <summary>The product of the scaled matrix with a vector over columns.</summary>
        public double[] Left(ReadOnlySpan<double> vector)
        {
            var (divided, left) = (new double[vector.Length], new double[_weights.Count]);
            for (var column = 0; column < divided.Length; column++) divided[column] = vector[column] / ColumnRoots[column];
            for (var row = 0; row < left.Length; row++) left[row] = Subspace.Dot(_weights[row], divided) / RowRoots[row];
            return left;
        }
    }
}
