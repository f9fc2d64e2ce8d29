using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// The equations of <see cref="LifParameters"/> as an ordinary tensor graph, one node per operation. Slow and plain: what the fused kernel
/// is checked against, and what finite differences can be taken of.
/// </summary>
public static class LifGraph
{
    /// <summary>Spikes of <paramref name="input"/> [steps, ...]; exact forward, surrogate backward.</summary>
    public static Tensor Spikes(Tensor input, LifParameters lif) => Run(input, lif, Firing.Exact);

    /// <summary>The same recurrence with the smooth function in place of the step, so that its gradient is a true derivative.</summary>
    public static Tensor SmoothSpikes(Tensor input, LifParameters lif) => Run(input, lif, Firing.Smooth);

    /// <summary>V after each step, the reset included: [steps, ...].</summary>
    public static Tensor Potentials(Tensor input, LifParameters lif) => Run(input, lif, Firing.Exact, (_, v) => v);

    static Tensor Run(Tensor input, LifParameters lif, Spike spike) => Run(input, lif, spike, (fired, _) => fired);

    static Tensor Run(Tensor input, LifParameters lif, Spike spike, Func<Tensor, Tensor, Tensor> kept)
    {
        using var scope = NewDisposeScope();
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, x, 1 / lif.Tau, lif);
            var fired = spike(h - lif.Threshold, lif);
            v = Membrane.Reset(h, fired, lif);
            return kept(fired, v);
        }).MoveToOuterDisposeScope();
    }
}
