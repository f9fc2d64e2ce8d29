using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// CLIF (Huang et al., ICML 2024): a second state m opens a way for the gradient through time. H as LIF; m decays by sigmoid(H / tau);
/// fire; m += S; V = H - S (threshold + sigmoid(m)). The reset is soft by definition; the paper has no input decay, no detached reset and
/// a
/// rectangle of slope 1.
/// </summary>
public sealed class ComplementaryLif(LifParameters lif) : Neuron(nameof(ComplementaryLif))
{
    readonly LifParameters lif = lif.Checked() is { Reset: ResetRule.Soft } valid ? valid
        : throw new HarnessException("A complementary LIF resets softly by definition; set Reset to Soft.");

    /// <summary>The paper's: tau 2, no input decay, soft attached reset, rectangle of slope 1.</summary>
    public static LifParameters Published { get; } = new(2, 1, DecayInput: false, ResetRule.Soft, DetachReset: false, Surrogate.Rectangle,
        1);

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var v = Membrane.Start(input, lif);
        var m = zeros_like(v);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, x, 1 / lif.Tau, lif);
            m = m * (h / lif.Tau).sigmoid();
            var fired = spike(h - lif.Threshold, lif);
            m = m + fired;
            v = Membrane.Reset(h, fired, lif) - fired * m.sigmoid();
            return fired;
        });
    }
}
