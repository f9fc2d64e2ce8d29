using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// Hodgkin and Huxley 1952 in modern units (rest -65 mV; g in mS/cm2, C = 1 uF/cm2, X in uA/cm2): sodium 120 m^3 h (v - 50), potassium
/// 36 n^4 (v + 77), leak 0.3 (v + 54.387). One step of the network is <paramref name="substeps"/> forward Euler steps of
/// <paramref name="dt"/>
/// ms. It fires where the potential comes from below 0 mV to 0 mV or above within a step; nothing is reset. The surrogate sees mV / 100.
/// </summary>
public sealed class HodgkinHuxleyNeuron(int substeps = 20, float dt = 0.01f, LifParameters? firing = null)
    : Neuron(nameof(HodgkinHuxleyNeuron))
{
    readonly LifParameters rules = (firing ?? new()).Checked();

    readonly float dt = dt is > 0 and <= 0.05f ? dt
        : throw new HarnessException($"Hodgkin-Huxley gates are unstable in forward Euler steps of {dt} ms; use 0.05 ms or less.");

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = full(input.shape[1..], -65.0, input.dtype);
        // Steady state of the gates at rest.
        var (m, h, n) = (full_like(v, 0.0529325), full_like(v, 0.5961208), full_like(v, 0.3176770));
        return Membrane.Over(input, x =>
        {
            var before = v;
            for (var step = 0; step < substeps; step++) (v, m, h, n) = Advance(v, m, h, n, x);
            // Both factors are step functions: above now, and not above before.
            return spike(v / 100, rules) * (1 - spike(before / 100, rules));
        });
    }

    (Tensor V, Tensor M, Tensor H, Tensor N) Advance(Tensor v, Tensor m, Tensor h, Tensor n, Tensor x)
    {
        var sodium = m.pow(3) * h * (v - 50) * 120;
        var potassium = n.pow(4) * (v + 77) * 36;
        var leak = (v + 54.387) * 0.3;
        return (v + (x - sodium - potassium - leak) * dt,
            m + (Rate((v + 40) / 10) * (1 - m) - ((v + 65) / -18).exp() * 4 * m) * dt,
            h + (((v + 65) / -20).exp() * 0.07 * (1 - h) - ((v + 35) / -10).exp().add(1).reciprocal() * h) * dt,
            n + (Rate((v + 55) / 10) * 0.1 * (1 - n) - ((v + 65) / -80).exp() * 0.125 * n) * dt);
    }

    // z / (1 - exp(-z)), continued to 1 + z / 2 at 0.
    static Tensor Rate(Tensor z)
    {
        var small = z.abs().lt(1e-4);
        var away = z.masked_fill(small, 1);
        return where(small, z / 2 + 1, away / (1 - (-away).exp()));
    }
}
