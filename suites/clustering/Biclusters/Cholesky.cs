namespace Suites.Clustering.Biclusters;

/// <summary>Small symmetric positive definite matrices, row by row in one block, without allocation.</summary>
static class Cholesky
{
    /// <summary>Puts the lower factor L of A = L Lᵀ into the lower triangle, the diagonal with it; the upper one is set to 0.</summary>
    /// <exception cref="TrainingFailedException">The matrix is not positive definite.</exception>
    public static void Factor(Span<double> matrix, int size)
    {
        for (var row = 0; row < size; row++)
        {
            var own = matrix.Slice(row * size, size);
            for (var column = 0; column <= row; column++)
            {
                var other = matrix.Slice(column * size, column + 1);
                var sum = own[column];
                for (var at = 0; at < column; at++) sum -= own[at] * other[at];
                if (column < row) own[column] = sum / other[column];
                else if (sum > 0) own[column] = Math.Sqrt(sum);
                else throw new TrainingFailedException($"A precision of {size} axes is not positive definite at axis {row} ({sum:g3}): "
                    + "the chain has diverged; counts far above some hundred a bin should be taken in shorter bins.");
            }
            own[(row + 1)..].Clear();
        }
    }

    /// <summary>Solves L x = b in place.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, Span<double> vector)
    {
        var size = vector.Length;
        for (var row = 0; row < size; row++)
        {
            var own = factor.Slice(row * size, row + 1);
            var sum = vector[row];
            for (var at = 0; at < row; at++) sum -= own[at] * vector[at];
            vector[row] = sum / own[row];
        }
    }

    /// <summary>Solves Lᵀ x = b in place.</summary>
    public static void SolveUpper(ReadOnlySpan<double> factor, Span<double> vector)
    {
        var size = vector.Length;
        for (var row = size - 1; row >= 0; row--)
        {
            var own = factor.Slice(row * size, row + 1);
            var solved = vector[row] /= own[row];
            for (var at = 0; at < row; at++) vector[at] -= own[at] * solved;
        }
    }

    /// <summary>log det A from its factor.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int size)
    {
        var sum = 0.0;
        for (var at = 0; at < size; at++) sum += Math.Log(factor[at * (size + 1)]);
        return 2 * sum;
    }
}
