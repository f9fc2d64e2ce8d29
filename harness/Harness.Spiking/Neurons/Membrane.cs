using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>The parts that neuron models share, as tensor graphs. No operation is spent on a reset potential of zero.</summary>
static class Membrane
{
    /// <summary>V before the first step of [steps, ...].</summary>
    public static Tensor Start(Tensor input, LifParameters lif) => full(input.shape[1..], lif.ResetPotential, input.dtype);

    /// <summary>H of a leaky membrane; <paramref name="leak"/> is 1 / tau.</summary>
    public static Tensor Charge(Tensor v, Tensor x, double leak, LifParameters lif) => lif.DecayInput
        ? v + (x - Above(v, lif)) * leak
        : v - Above(v, lif) * leak + x;

    /// <inheritdoc cref="Charge(Tensor, Tensor, double, LifParameters)"/>
    public static Tensor Charge(Tensor v, Tensor x, Tensor leak, LifParameters lif) => lif.DecayInput
        ? v + (x - Above(v, lif)) * leak
        : v - Above(v, lif) * leak + x;

    /// <summary>V after the reset.</summary>
    public static Tensor Reset(Tensor h, Tensor spike, LifParameters lif)
    {
        var reset = lif.DetachReset ? spike.detach() : spike;
        if (lif.Reset == ResetRule.Soft) return h - reset * lif.Threshold;
        return lif.ResetPotential == 0 ? (1 - reset) * h : (1 - reset) * h + reset * lif.ResetPotential;
    }

    /// <summary>Calls <paramref name="step"/> with each time step of [steps, ...]; stacks what it gives.</summary>
    public static Tensor Over(Tensor input, Func<Tensor, Tensor> step)
    {
        var spikes = new List<Tensor>();
        for (var time = 0; time < input.shape[0]; time++) spikes.Add(step(input[time]));
        return stack(spikes);
    }

    static Tensor Above(Tensor v, LifParameters lif) => lif.ResetPotential == 0 ? v : v - lif.ResetPotential;
}
