using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// Adaptive LIF (Bellec et al., LSNN, NeurIPS 2018): the threshold rises with every spike. A = threshold + strength b; fire on H - A; a
/// soft reset takes A off; b = rho b + (1 - rho) S, rho = exp(-1 / adaptation).
/// </summary>
/// <param name="adaptation">Time constant of the threshold in steps.</param>
/// <param name="strength">Its rise, beta; 1.8 in the paper.</param>
public sealed class AdaptiveLif(LifParameters lif, float adaptation = 20, float strength = 1.8f) : Neuron(nameof(AdaptiveLif))
{
    readonly LifParameters lif = lif.Checked();

    readonly double rho = adaptation > 0 ? Math.Exp(-1 / adaptation)
        : throw new HarnessException($"The time constant of adaptation must be above 0 steps, not {adaptation}.");

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = Membrane.Start(input, lif);
        var b = zeros_like(v);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, x, 1 / lif.Tau, lif);
            var fired = spike(h - lif.Threshold - b * strength, lif);
            v = Membrane.Reset(h, fired, lif);
            if (lif.Reset == ResetRule.Soft) v = v - (lif.DetachReset ? fired.detach() : fired) * b * strength;
            b = b * rho + fired * (1 - rho);
            return fired;
        });
    }
}
