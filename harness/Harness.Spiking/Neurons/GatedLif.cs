using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// GLIF (Yao et al., NeurIPS 2022): learned gates mix leaks, integrations and resets, per layer. With s' the spike of the step before and
/// all constants under a sigmoid: H = (1 - alpha (1 - tau)) V (1 - gamma s') - (1 - alpha) leak + X (1 - beta (1 - c_t)) - (1 - gamma)
/// sub s',
/// S = 1 where H >= threshold, V = H. The reset acts in the step after the spike. V starts at 0.
/// </summary>
public sealed class GatedLif : Neuron
{
    readonly LifParameters rules;
    readonly Parameter alpha;
    readonly Parameter beta;
    readonly Parameter gamma;
    readonly Parameter keep;
    readonly Parameter threshold;
    readonly Parameter leak;
    readonly Parameter subtract;
    readonly Parameter conductance;

    /// <param name="steps">Time steps; the conductance c has one value for each.</param>
    /// <param name="seed">The gates start at random on both sides of one half, as published.</param>
    public GatedLif(int steps, int seed, LifParameters? firing = null) : base(nameof(GatedLif))
    {
        rules = (firing ?? new(Threshold: 0.5f, Surrogate: Surrogate.Rectangle, Slope: 1)).Checked();
        var chance = new Torch.SampleOrder(seed);
        float Gate() => 0.2f * (chance.Below(1 << 20) / (float)(1 << 20) - 0.5f);
        (alpha, beta, gamma) = (new(tensor(Gate())), new(tensor(Gate())), new(tensor(Gate())));
        keep = new(tensor(Logit(0.25f)));
        threshold = new(tensor(Logit(rules.Threshold)));
        leak = new(tensor(Logit(rules.Threshold / (2 * steps))));
        subtract = new(tensor(Logit(rules.Threshold)));
        conductance = new(full([steps], Logit(0.5f)));
        RegisterComponents();
    }

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        if (input.shape[0] != conductance.shape[0])
            throw new HarnessException($"A gated LIF made for {conductance.shape[0]} steps received {input.shape[0]}.");
        var (a, b, g, c) = (alpha.sigmoid(), beta.sigmoid(), gamma.sigmoid(), conductance.sigmoid());
        var kept = 1 - a * (1 - keep.sigmoid());
        var (lost, taken, bar) = ((1 - a) * leak.sigmoid(), (1 - g) * subtract.sigmoid(), threshold.sigmoid());
        var v = zeros(input.shape[1..], input.dtype);
        var before = zeros_like(v);
        var time = 0;
        return Membrane.Over(input, x =>
        {
            v = kept * v * (1 - g * before) - lost + x * (1 - b * (1 - c[time++])) - taken * before;
            return before = spike(v - bar, rules);
        });
    }

    static float Logit(float share) => share is > 0 and < 1 ? -MathF.Log(1 / share - 1)
        : throw new HarnessException($"A gated LIF keeps its constants between 0 and 1; a threshold of {share} does not fit.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in new[] { alpha, beta, gamma, keep, threshold, leak, subtract, conductance }) part.Dispose();
        base.Dispose(disposing);
    }
}
