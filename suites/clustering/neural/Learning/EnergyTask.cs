using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>Weights of the three terms; 0 leaves a term out.</summary>
/// <param name="Generation">Of log p(x): energy is low at points and high at samples.</param>
/// <param name="Invariance">Of Σ_k p(k|x) log p(k|x'), x' a view of x.</param>
/// <param name="Balance">Of Σ_k log(p̄_k) / K, p̄ the mean of p(k|x) over a batch: no cluster is left empty.</param>
sealed record TermWeights(double Generation, double Invariance, double Balance);

/// <summary>Teaches an <see cref="EnergyNetwork"/> by the lower bound of GEDI (Sansone and Manhaeve, TMLR 2025).</summary>
/// <param name="noise">Standard deviation of a view.</param>
sealed class EnergyTask(EnergyNetwork network, Langevin chains, double noise, SampleOrder chance)
{
    /// <summary>What is minimised: minus the weighted sum of the terms. The gradient of log p(x) is that of E(sample) - E(x).</summary>
    public Tensor Loss(Tensor batch, TermWeights weights)
    {
        using var scope = NewDisposeScope();
        var logits = network.Logits(batch);
        var loss = weights.Generation == 0 ? zeros([]) : weights.Generation * Contrast(logits, Samples((int)batch.shape[0]));
        if (weights.Invariance > 0) loss += weights.Invariance * Disagreement(logits, network.Logits(batch + noise * randn_like(batch)));
        if (weights.Balance > 0) loss += weights.Balance * Imbalance(logits);
        return loss.MoveToOuterDisposeScope();
    }

    Tensor Samples(int count)
    {
        using var scope = NewDisposeScope();
        return network.Logits(chains.Draw(count, chance)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean energy of points less that of samples.</summary>
    internal static Tensor Contrast(Tensor logits, Tensor ofSamples)
    {
        using var scope = NewDisposeScope();
        return (ofSamples.logsumexp(1).mean() - logits.logsumexp(1).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>Mean cross entropy of the clusters of views under those of the points.</summary>
    internal static Tensor Disagreement(Tensor logits, Tensor ofViews)
    {
        using var scope = NewDisposeScope();
        return (-(logits.softmax(1) * ofViews.log_softmax(1)).sum(1).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>Cross entropy of the mean cluster distribution of a batch under the uniform one: log K where all are equal.</summary>
    internal static Tensor Imbalance(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var mean = logits.log_softmax(1).logsumexp(0) - Math.Log(logits.shape[0]);
        return (-mean.mean()).MoveToOuterDisposeScope();
    }
}
