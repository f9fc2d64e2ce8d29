using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>
/// Neurons V = beta V + (1 - beta) I with beta = exp(-dt / tau), which fire at alpha Vth, lose Vth and send Vth / dt. What a layer sends
/// represents a = sum of w[t] s[t] with w[t] ~ exp(-(T - t) dt / tau), whose dependence on the represented current i is taken as
/// clamp(i / tau, 0, Vth / dt). tau 1, dt 0.05, alpha 0.3.
/// </summary>
sealed class RateStack : SpikingStack
{
    const double Tau = 1, Interval = 0.05, FiresAt = 0.3, FirstThreshold = 0.3;
    static readonly double Keeps = Math.Exp(-Interval / Tau);

    readonly List<Parameter> thresholds = [];

    public RateStack(StackSizes sizes, OperationLedger ledger) : base(sizes, ledger)
    {
        for (var layer = 0; layer < sizes.Depth; layer++) thresholds.Add(nn.Parameter(tensor((float)FirstThreshold)));
        Register("weight", Weights);
        Register("threshold", thresholds);
    }

    /// <summary>[samples, inputs] to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Count(input, 0);
        var currents = (Currents(input, 0) * Sizes.Gain).expand(Sizes.Steps, -1, -1);
        for (var layer = 0; ; layer++)
        {
            var spikes = Fire(currents, layer);
            CountNeurons(spikes, layer);
            Count(spikes, layer + 1);
            if (layer + 1 == Sizes.Depth) return Currents(Rate(spikes, layer), Sizes.Depth).MoveToOuterDisposeScope();
            currents = Currents(spikes, layer + 1) * (Amplitude(layer) * Sizes.Gain);
        }
    }

    public override Lesson Learn(Tensor input, Tensor labels)
    {
        List<Tensor> before = [input], represented = [Currents(input, 0).requires_grad_()];
        var arriving = (represented[0].detach() * Sizes.Gain).expand(Sizes.Steps, -1, -1);
        for (var layer = 0; layer < Sizes.Depth; layer++)
        {
            var spikes = Fire(arriving, layer);
            // The value of what was fired, the slope of what it represents.
            var slope = minimum((represented[layer] * (Sizes.Gain / Tau)).clamp(min: 0), thresholds[layer] / Interval);
            var rate = slope + (Rate(spikes, layer) - slope).detach();
            before.Add(rate.detach());
            represented.Add(Currents(rate, layer + 1));
            if (layer + 1 < Sizes.Depth) arriving = Currents(spikes, layer + 1) * (Amplitude(layer) * Sizes.Gain);
        }
        var loss = nn.functional.cross_entropy(represented[^1], labels);
        var gradients = autograd.grad([loss], [.. represented, .. thresholds]);
        return new(loss.item<float>(), (int)input.shape[0], [.. before.Zip(gradients, (rows, gradient) => new Credit(rows, gradient))],
            [.. thresholds.Zip(gradients.Skip(represented.Count))]);
    }

    double Amplitude(int layer) => thresholds[layer].item<float>() / Interval;

    // [steps, samples, neurons] currents to spikes of 0 and 1.
    Tensor Fire(Tensor currents, int layer)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var (threshold, v) = (thresholds[layer].item<float>(), zeros_like(currents[0]));
        var spikes = new List<Tensor>();
        for (var step = 0; step < Sizes.Steps; step++)
        {
            v = v * Keeps + currents[step] * (1 - Keeps);
            var fired = v.ge(FiresAt * threshold).to(float32);
            v -= fired * threshold;
            spikes.Add(fired);
        }
        return stack(spikes).MoveToOuterDisposeScope();
    }

    Tensor Rate(Tensor spikes, int layer)
    {
        using var mode = no_grad();
        double[] weights = [.. Enumerable.Range(1, Sizes.Steps).Select(step => Math.Exp(-(Sizes.Steps - step) * Interval / Tau))];
        var total = weights.Sum();
        using var shares = tensor(weights.Select(weight => (float)(weight / total)).ToArray()).view(-1, 1, 1);
        return (spikes * shares).sum([0]) * Amplitude(layer);
    }
}
