using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// EIF (Fourcaud-Trocmé et al. 2003), forward Euler of one step: H = V + (X - (V - V_rest) + D exp((V - theta) / D)) / tau. The input
/// always decays. V starts at the reset potential.
/// </summary>
/// <param name="sharpness">D, the slope factor of spike initiation.</param>
/// <param name="rheobase">theta, where the exponential takes over.</param>
/// <param name="rest">V_rest, what the membrane leaks to.</param>
public sealed class ExponentialLif(LifParameters lif, float sharpness = 1, float rheobase = 0.8f, float rest = 0)
    : Neuron(nameof(ExponentialLif))
{
    readonly LifParameters lif = lif.Checked() is { DecayInput: true } valid ? valid
        : throw new HarnessException("An exponential integrate-and-fire neuron divides its input by tau; set DecayInput to true.");

    readonly float sharpness = sharpness > 0 ? sharpness
        : throw new HarnessException($"The sharpness of an exponential neuron must be above 0, not {sharpness}.");

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var h = v + (x + rest - v + ((v - rheobase) / sharpness).exp() * sharpness) / lif.Tau;
            var fired = spike(h - lif.Threshold, lif);
            v = Membrane.Reset(h, fired, lif);
            return fired;
        });
    }
}
