using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Counting;

/// <summary>A network's costs by NeuroBench's definitions (Yik et al., Nature Communications 2025), means per sample.</summary>
/// <param name="EffectiveMacs">Non-zero inputs × non-zero weights, of passes with an input that is not −1, 0 or 1.</param>
/// <param name="EffectiveAcs">The same of passes whose inputs all are −1, 0 or 1.</param>
/// <param name="DenseOperations">All inputs × all weights; zeros around an image are no inputs, a bias is no synapse.</param>
/// <param name="ActivationSparsity">Share of outputs of neurons that are 0; 0 without neurons.</param>
/// <param name="ConnectionSparsity">
/// Share of weights that are 0, divided in float32 and rounded to four decimals; biases do not count.
/// </param>
/// <param name="Footprint">Bytes of parameters and buffers.</param>
/// <param name="MembraneUpdates">Potentials that a step changed; the first step of a pass changes all.</param>
public sealed record NeuroBenchMetrics(double EffectiveMacs, double EffectiveAcs, double DenseOperations, double ActivationSparsity,
    double ConnectionSparsity, long Footprint, double MembraneUpdates);

/// <summary>
/// Adds up what NeuroBench's hooks would see. It judges each call of a layer by itself: a layer that our networks call once for all steps
/// is taken apart into its steps.
/// </summary>
sealed class NeuroBenchTally
{
    readonly Dictionary<string, (long Zeros, long Weights)> connections = [];
    double macs, acs, dense, updates;
    long active, outputs;

    /// <param name="input">[steps × samples, ...] where <paramref name="steps"/> is above 1, steps slowest.</param>
    public void Weighted(string layer, Tensor input, Connection connection, int steps)
    {
        using var scope = NewDisposeScope();
        foreach (var call in input.chunk(steps))
        {
            var effective = connection.Effective(call);
            if (call.mul(call.square().sub(1)).count_nonzero().item<long>() == 0) acs += effective;
            else macs += effective;
            dense += connection.Dense(call);
        }
        connections[layer] = (connection.Weight.eq(0).sum().item<long>(), connection.Weight.numel());
    }

    /// <param name="spikes">[steps, samples, ...].</param>
    /// <param name="potentials">After each step, of the same shape; null where neurons keep none.</param>
    public void Neurons(Tensor spikes, Tensor? potentials)
    {
        using var scope = NewDisposeScope();
        active += spikes.count_nonzero().item<long>();
        outputs += spikes.numel();
        if (potentials is null) return;
        updates += potentials[0].numel() + potentials[1..].sub(potentials[..^1]).count_nonzero().item<long>();
    }

    public NeuroBenchMetrics Total(nn.Module network, int samples)
    {
        var (zeros, weights) = (connections.Values.Sum(one => one.Zeros), connections.Values.Sum(one => one.Weights));
        return new(macs / samples, acs / samples, dense / samples, outputs == 0 ? 0 : (outputs - active) / (double)outputs,
            weights == 0 ? 0 : Math.Round((float)zeros / (float)weights, 4), Torch.ModuleSize.Footprint(network).Bytes, updates / samples);
    }
}
