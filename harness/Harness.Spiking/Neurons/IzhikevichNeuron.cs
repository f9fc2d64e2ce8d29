using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>Constants of <see cref="IzhikevichNeuron"/>; the defaults are a regular spiking cell.</summary>
/// <param name="A">Rate of recovery, per ms.</param>
/// <param name="B">Sensitivity of recovery to the potential.</param>
/// <param name="C">Potential after a spike, mV.</param>
/// <param name="D">Jump of recovery at a spike.</param>
/// <param name="Peak">Potential that counts as a spike, mV.</param>
public sealed record IzhikevichParameters(float A = 0.02f, float B = 0.2f, float C = -65, float D = 8, float Peak = 30);

/// <summary>
/// Izhikevich 2003, forward Euler with a step of <paramref name="dt"/> ms, both equations from the state before it:
/// v += dt (0.04 v^2 + 5 v + 140 - u + X), u += dt a (b v - u); S = 1 where v >= peak, then v = c, u += d. Starts at v = c, u = b c.
/// The surrogate sees v - peak over 100 mV, so that its slopes mean what they mean elsewhere.
/// </summary>
public sealed class IzhikevichNeuron(IzhikevichParameters cell, float dt = 0.5f, LifParameters? firing = null)
    : Neuron(nameof(IzhikevichNeuron))
{
    readonly LifParameters rules = (firing ?? new()).Checked();

    readonly float dt = dt is > 0 and <= 1 ? dt
        : throw new HarnessException($"An Izhikevich cell is unstable in forward Euler steps of {dt} ms; use 1 ms or less.");

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = full(input.shape[1..], cell.C, input.dtype);
        var u = full(input.shape[1..], cell.B * cell.C, input.dtype);
        return Membrane.Over(input, x =>
        {
            var h = v + (v * v * 0.04 + v * 5 + 140 - u + x) * dt;
            u = u + (v * cell.B - u) * (dt * cell.A);
            var fired = spike((h - cell.Peak) / 100, rules);
            var reset = rules.DetachReset ? fired.detach() : fired;
            v = (1 - reset) * h + reset * cell.C;
            u = u + reset * cell.D;
            return fired;
        });
    }
}
