using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>What is done to trained detectors before they are tested.</summary>
static class MotionSurgery
{
    /// <summary>Keeps a share of the synapses; the others' weights become 0.</summary>
    /// <param name="keep">0..1.</param>
    public static void Prune(MotionNetwork network, double keep, Pruning rule, SampleOrder chance)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var weights = network.Weight.flatten();
        var (all, kept) = ((int)weights.numel(), (int)Math.Round(keep * weights.numel()));
        var mask = zeros(all);
        mask[rule == Pruning.Magnitude ? weights.abs().topk(kept).indexes : tensor(chance.Permutation(all)[..kept], int64)] = 1f;
        network.Weight.mul_(mask.view(network.Weight.shape));
    }

    /// <summary>Sums every kernel over its delays and puts the sum at a delay of 0.</summary>
    public static void Collapse(MotionNetwork network)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var sum = network.Weight.sum(2);
        network.Weight.zero_();
        network.Weight.select(2, 0).copy_(sum);
    }
}
