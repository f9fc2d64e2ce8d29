using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>
/// The meta classification likelihood (Hsu, Lv, Schlosser, Odom and Kira: Multi-class classification without multi-class labels, ICLR
/// 2019): whether two points are of one class is all that is known, and two distributions say so with the probability p_i · p_j. The names
/// of classes do not matter.
/// </summary>
static class PairLikelihood
{
    // As in its published code.
    const double Least = 1e-7;

    /// <summary>
    /// -mean over all pairs of q_ij log(p_i · p_j) + (1 - q_ij) log(1 - p_i · p_j). As it is linear in q, a share of annotators for q is
    /// the mean loss over them.
    /// </summary>
    /// <param name="probabilities">[points, slots].</param>
    /// <param name="together">[points, points], 0..1.</param>
    public static Tensor Loss(Tensor probabilities, Tensor together)
    {
        using var scope = NewDisposeScope();
        var joined = probabilities.matmul(probabilities.t()).clamp(Least, 1 - Least);
        return (-(together * joined.log() + (1 - together) * (1 - joined).log()).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>The share of annotators to whom two points are one cluster; float32 [points, points].</summary>
    /// <param name="annotations">int64 [annotators, points].</param>
    public static Tensor Together(Tensor annotations)
    {
        using var scope = NewDisposeScope();
        return annotations.unsqueeze(2).eq(annotations.unsqueeze(1)).to(float32).mean([0L]).MoveToOuterDisposeScope();
    }
}
