using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// Maximum manifold capacity representations (Yerxa, Kuang, Simoncelli, Chung, NeurIPS 2023): the views of a point are a manifold, whose
/// centroid is long where views agree; the nuclear norm of all centroids is large where they are long and point in many directions.
/// </summary>
/// <param name="compression">λ, weight of the extent of each manifold; 0 in the published configurations.</param>
sealed class ManifoldCapacity(double compression)
{
    /// <summary>-|C|_* + λ / B Σ_b |Z_b|_*, with C the centroids and Z_b the views of point b; a scalar.</summary>
    /// <param name="views">[views, points, d], each of length 1.</param>
    public Tensor Loss(Tensor views)
    {
        using var scope = NewDisposeScope();
        var loss = -NuclearNorm(views.mean([0]));
        if (compression > 0) loss += compression * NuclearNorm(views.transpose(0, 1)).mean();
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>What no loss without compression is below, -√(B min(B, d)): centroids are as long as views, and orthogonal.</summary>
    public static double Bound(int points, int length) => -Math.Sqrt((double)points * Math.Min(points, length));

    // Sum of singular values of the last two axes. The derivative, U V^T, is the same for equal singular values.
    static Tensor NuclearNorm(Tensor matrices) => linalg.svdvals(matrices).sum(-1);
}
