using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// CuBa-LIF (Loihi, Davies et al. 2018; SpikingJelly's CUBALIFNode): the input first charges a synaptic current, I = keep I + X, which then
/// charges the membrane as LIF in the same step.
/// </summary>
/// <param name="currentKept">Share of the current that is left a step later.</param>
public sealed class CurrentLif(LifParameters lif, float currentKept = 0.5f) : Neuron(nameof(CurrentLif))
{
    readonly LifParameters lif = lif.Checked();

    readonly float currentKept = currentKept is >= 0 and < 1 ? currentKept
        : throw new HarnessException($"The share of current that is kept must be in [0, 1), not {currentKept}.");

    private protected override Tensor Fire(Tensor input) => Lif.Spikes(Membrane.Over(input, Current(input)), lif);

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var current = Current(input);
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, current(x), 1 / lif.Tau, lif);
            var fired = spike(h - lif.Threshold, lif);
            v = Membrane.Reset(h, fired, lif);
            return fired;
        });
    }

    Func<Tensor, Tensor> Current(Tensor input)
    {
        var current = zeros(input.shape[1..], input.dtype);
        return x => current = current * currentKept + x;
    }
}
