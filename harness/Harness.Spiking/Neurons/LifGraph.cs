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
    public static Tensor Spikes(Tensor input, LifParameters lif) => Run(input, lif, u =>
    {
        using var scope = NewDisposeScope();
        var smooth = Smooth(u, lif.Surrogate, lif.Slope);
        // Value of the step function, derivative of the smooth one.
        return (u.ge(0).to(u.dtype) + (smooth - smooth.detach())).MoveToOuterDisposeScope();
    });

    /// <summary>The same recurrence with the smooth function in place of the step, so that its gradient is a true derivative.</summary>
    public static Tensor SmoothSpikes(Tensor input, LifParameters lif) => Run(input, lif, u => Smooth(u, lif.Surrogate, lif.Slope));

    /// <summary>The function whose derivative the surrogate is, from 0 to 1.</summary>
    public static Tensor Smooth(Tensor u, Surrogate surrogate, double slope) => surrogate switch
    {
        Surrogate.Sigmoid => (u * slope).sigmoid(),
        Surrogate.ArcTangent => (u * (slope * Math.PI / 2)).atan() / Math.PI + 0.5,
        Surrogate.Triangle => TriangleIntegral((u * slope).clamp(-1, 1)),
        Surrogate.Rectangle => (u * slope).clamp(-0.5, 0.5) + 0.5,
        Surrogate.SoftSign => 0.5 * (u * slope) / (1 + (u * slope).abs()) + 0.5,
        _ => throw new HarnessException($"No graph exists for the surrogate {surrogate}."),
    };

    static Tensor TriangleIntegral(Tensor z) => z - 0.5 * z * z.abs() + 0.5;

    static Tensor Run(Tensor input, LifParameters lif, Func<Tensor, Tensor> fire)
    {
        using var scope = NewDisposeScope();
        var leak = 1 / lif.Tau;
        var v = zeros_like(input[0]);
        var spikes = new List<Tensor>();
        for (var step = 0; step < input.shape[0]; step++)
        {
            var h = lif.DecayInput ? v + (input[step] - v) * leak : v - v * leak + input[step];
            var spike = fire(h - lif.Threshold);
            spikes.Add(spike);
            var reset = lif.DetachReset ? spike.detach() : spike;
            v = lif.Reset == ResetRule.Hard ? (1 - reset) * h : h - reset * lif.Threshold;
        }
        return stack(spikes).MoveToOuterDisposeScope();
    }
}
