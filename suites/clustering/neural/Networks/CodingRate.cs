using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// How many nats it takes to code features up to a precision: large for features that fill their space, small for those of a subspace.
/// Ding, Tong, Chan, Dai, Ma, Haeffele: Unsupervised manifold linearizing and clustering, ICCV 2023.
/// </summary>
/// <param name="precision">The square of the permitted error of a feature of length 1.</param>
sealed class CodingRate(double precision)
{
    /// <summary>log det(I + d / (n ε²) Zᵀ Z) of features Z [points, d]; a scalar.</summary>
    public Tensor Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        var (count, length) = (features.shape[0], features.shape[1]);
        return LogDeterminant(features.t().matmul(features) * (length / (count * precision))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean over points j of log det(I + d / ε² Zᵀ diag(Γ_j) Z): the features coded by clusters, point i with the share Γ_ij in that
    /// of j.
    /// </summary>
    /// <param name="features">[points, d].</param>
    /// <param name="membership">Γ, [points, points], each row and column a distribution.</param>
    public Tensor Of(Tensor features, Tensor membership)
    {
        using var scope = NewDisposeScope();
        var length = features.shape[1];
        // Row j: the features, each weighted by its share in the cluster of j.
        var weighted = membership.t().unsqueeze(2) * features;
        var covariances = weighted.transpose(1, 2).matmul(features) * (length / precision);
        return LogDeterminant(covariances).mean().MoveToOuterDisposeScope();
    }

    // Of I plus each matrix, which is symmetric and has no negative eigenvalue.
    static Tensor LogDeterminant(Tensor matrices)
    {
        var factors = linalg.cholesky(matrices + eye(matrices.shape[^1], dtype: matrices.dtype));
        return 2 * factors.diagonal(0, -2, -1).log().sum(-1);
    }
}
