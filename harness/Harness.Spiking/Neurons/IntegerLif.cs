using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// I-LIF (Luo et al., SpikeYOLO, ECCV 2024): trains with integer outputs C = round(clip(H / threshold, 0, D)), which inference unrolls into
/// D binary steps; V = H - C threshold. The gradient of the rounding is 1 inside [0, D], 0 outside. <paramref name="normalised"/> emits C
/// / D
/// (NI-LIF, Yao et al., E-SpikeFormer, 2024). Half-way values round to even, as libtorch does.
/// </summary>
/// <param name="most">D, the most spikes of one step.</param>
public sealed class IntegerLif(LifParameters lif, int most, bool normalised = false) : Neuron(nameof(IntegerLif))
{
    readonly LifParameters lif = lif.Checked() is { Reset: ResetRule.Soft } valid ? valid
        : throw new HarnessException("An integer LIF resets softly by definition; set Reset to Soft.");

    readonly int most = most >= 1 ? most : throw new HarnessException($"An integer LIF needs at least one spike a step, not {most}.");

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, x, 1 / lif.Tau, lif);
            var bounded = (h / lif.Threshold).clamp(0, most);
            // The smooth form is the clip itself, which is what the rounding's straight-through gradient differentiates.
            var count = spike == Firing.Smooth ? bounded : bounded + (bounded.round() - bounded).detach();
            v = h - (lif.DetachReset ? count.detach() : count) * lif.Threshold;
            return normalised ? count / most : count;
        });
    }
}
