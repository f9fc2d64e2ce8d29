using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// KLIF (Jiang and Zhang 2023): F = relu(k H) fires and is reset, k learned, one number per layer, 1 at first.
/// </summary>
public sealed class KlifNeuron : Neuron
{
    readonly LifParameters lif;
    readonly bool scaleReset;
    readonly Parameter k;

    /// <param name="scaleReset">The state after the reset is F / k, a spike subtracting threshold / k.</param>
    public KlifNeuron(LifParameters lif, bool scaleReset = false) : base(nameof(KlifNeuron))
    {
        (this.lif, this.scaleReset) = (lif.Checked(), scaleReset);
        k = new(tensor(1f));
        RegisterComponents();
    }

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var f = (Membrane.Charge(v, x, 1 / lif.Tau, lif) * k).relu();
            var fired = spike(f - lif.Threshold, lif);
            v = Reset(f, fired);
            return fired;
        });
    }

    Tensor Reset(Tensor f, Tensor fired)
    {
        if (!scaleReset) return Membrane.Reset(f, fired, lif);
        var reset = lif.DetachReset ? fired.detach() : fired;
        return lif.Reset == ResetRule.Soft ? (f - reset * lif.Threshold) / k : (1 - reset) * f / k + reset * lif.ResetPotential;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) k.Dispose();
        base.Dispose(disposing);
    }
}
