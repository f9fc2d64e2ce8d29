using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// The symmetric matrix whose rows and columns each sum to 1 that is nearest to similarities under an entropy: of ⟨S, Γ⟩ + η H(Γ)
/// the largest, Γ = exp((f_i + S_ij + f_j) / η). Sinkhorn's algorithm on logarithms, both sides moved half way at once (Knight, Ruiz,
/// Uçar 2014), so that Γ is symmetric after every step.
/// </summary>
/// <param name="Entropy">η; small values make Γ sparse.</param>
/// <param name="Steps">Each costs one pass over the matrix.</param>
sealed record DoublyStochastic(double Entropy, int Steps)
{
    // Rows at a time: more than a batch has, few enough to stay in the cache.
    const int Rows = 512;

    /// <param name="similarities">S, [points, points], symmetric.</param>
    public Tensor Of(Tensor similarities)
    {
        using var scope = NewDisposeScope();
        var scaled = similarities / Entropy;
        var potential = zeros(similarities.shape[0], dtype: similarities.dtype);
        for (var step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            potential = (0.5 * (potential - Sums(scaled, potential))).MoveToOuterDisposeScope();
        }
        return (scaled + potential + potential.unsqueeze(1)).exp().MoveToOuterDisposeScope();
    }

    static Tensor Sums(Tensor scaled, Tensor potential)
    {
        using var scope = NewDisposeScope();
        var sums = scaled.split(Rows).Select(rows => (rows + potential).logsumexp(1)).ToArray();
        return (sums.Length == 1 ? sums[0] : cat(sums)).MoveToOuterDisposeScope();
    }
}
