using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>What of the quadratic model a problem is made of.</summary>
/// <param name="GradientWeight">Factor of the linear term.</param>
/// <param name="Ridge">Factor of ‖δ‖².</param>
/// <param name="Interactions">False takes H for diagonal: each weight then has a price of its own.</param>
/// <param name="DropNegative">
/// Entries of Q below 1e-12 become zero, also negative ones, as in the published program; otherwise those of |Q|.
/// </param>
sealed record LossModel(double GradientWeight, double Ridge, bool Interactions = true, bool DropNegative = false);

/// <summary>
/// Which weights of a block to prune, x_i = 1, so that the loss rises least (iCBS: Rosenberg et al., arXiv 2411.17796, 2024). Weights
/// are w⁰(1 - x); from the weights of now, w, they move by δ = w⁰(1 - x) - w, and the loss by γ gᵀδ + ½ δᵀHδ + ρ‖δ‖²,
/// with g the mean of the gradients of N samples and H = Σ g_n g_nᵀ / N (the empirical Fisher matrix). Up to a constant this is xᵀQx,
/// Q = ½ (w⁰w⁰ᵀ) ⊙ H + diag(w⁰ ⊙ (H d - γ g + ρ (2d + w⁰))), d = w - w⁰.
/// </summary>
sealed class BlockProblem
{
    const double Zero = 1e-12;

    readonly float[] _couplings, _diagonal;

    BlockProblem(float[] couplings, float[] diagonal) =>
        (_couplings, _diagonal, Unit) = (couplings, diagonal, MeanSize(couplings, diagonal));

    /// <summary>Number of weights.</summary>
    public int Size => _diagonal.Length;

    /// <summary>Q_ii [size].</summary>
    public ReadOnlySpan<float> Diagonal => _diagonal;

    /// <summary>Q_ij + Q_ji for all j, 0 for j = i.</summary>
    public ReadOnlySpan<float> Couplings(int weight) => _couplings.AsSpan(weight * Size, Size);

    /// <summary>Mean |Q_ij| of those that are not zero: what temperatures are measured in. 1 where all are zero.</summary>
    public double Unit { get; }

    /// <param name="original">w⁰ [size].</param>
    /// <param name="current">w [size].</param>
    /// <param name="gradients">g_n: [size, samples].</param>
    public static BlockProblem Of(ReadOnlySpan<float> original, ReadOnlySpan<float> current, float[] gradients, LossModel model,
        DenseProduct product)
    {
        var size = original.Length;
        var (samples, fisher, moved) = (gradients.Length / size, new float[size * size], new float[size]);
        product.Run(gradients, size, samples, gradients, size, fisher);
        if (!model.Interactions) KeepDiagonal(fisher, size);
        for (var i = 0; i < size; i++) moved[i] = current[i] - original[i];
        var diagonal = new float[size];
        for (var i = 0; i < size; i++)
        {
            var row = fisher.AsSpan(i * size, size);
            double mean = Sum(gradients.AsSpan(i * samples, samples)) / samples, curvature = Vectors.Dot(row, moved) / (double)samples;
            diagonal[i] = (float)Significant(0.5 * original[i] * original[i] * row[i] / samples + original[i]
                * (curvature - model.GradientWeight * mean + model.Ridge * (2 * moved[i] + original[i])), model.DropNegative);
            for (var k = 0; k < size; k++)
                row[k] = k == i ? 0 : (float)(2 * Significant(0.5 * original[i] * original[k] * row[k] / samples, model.DropNegative));
        }
        return new(fisher, diagonal);
    }

    /// <summary>xᵀQx, in units of the loss. The difference of two is the change of the loss that the model foresees.</summary>
    public double Energy(ReadOnlySpan<bool> pruned)
    {
        var sum = 0.0;
        for (var i = 0; i < Size; i++)
        {
            if (!pruned[i]) continue;
            sum += _diagonal[i];
            var row = Couplings(i);
            for (var k = 0; k < i; k++) if (pruned[k]) sum += row[k];
        }
        return sum;
    }

    static void KeepDiagonal(Span<float> square, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var kept = square[i * size + i];
            square.Slice(i * size, size).Clear();
            square[i * size + i] = kept;
        }
    }

    static double Significant(double entry, bool dropNegative) => (dropNegative ? entry : Math.Abs(entry)) <= Zero ? 0 : entry;

    static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    static double MeanSize(float[] couplings, float[] diagonal)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var coupling in couplings)
            if (coupling != 0) (sum, count) = (sum + Math.Abs(coupling) / 2, count + 1);
        foreach (var entry in diagonal)
            if (entry != 0) (sum, count) = (sum + Math.Abs(entry), count + 1);
        return count == 0 ? 1 : sum / count;
    }
}
