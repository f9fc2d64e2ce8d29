using Harness.Datasets;
using Harness.Spiking.Neurons;

namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>
/// A <see cref="DelayNetwork"/> computed spike by spike: a spike puts each of its weights where its delay says, into a ring of steps to
/// come; nothing is computed for a synapse whose neuron is silent.
/// </summary>
sealed class EventDelayNetwork
{
    readonly IReadOnlyList<DelayLayer> layers;
    readonly LifParameters lif;
    readonly float[][] rings;
    readonly float[][] potentials;
    readonly int ringSteps;

    public EventDelayNetwork(IReadOnlyList<DelayLayer> layers, LifParameters lif)
    {
        (this.layers, this.lif) = (layers, lif);
        ringSteps = layers.Max(layer => layer.Delays.Max()) + 1;
        rings = [.. layers.Select(layer => new float[ringSteps * layer.Outputs])];
        potentials = [.. layers.Select(layer => new float[layer.Outputs])];
    }

    /// <summary>Weights that spikes of the last sample moved.</summary>
    public long SynapticEvents { get; private set; }

    /// <summary>[classes]: the sum over time of the readout's softmax.</summary>
    public double[] Run(FrameSequence frames)
    {
        SynapticEvents = 0;
        foreach (var state in rings.Concat(potentials)) Array.Clear(state);
        var sums = new double[layers[^1].Outputs];
        var values = frames.Values.Span;
        for (var step = 0; step < frames.Steps; step++)
        {
            for (var channel = 0; channel < frames.Channels; channel++)
                if (values[step * frames.Channels + channel] is var count and > 0) Send(0, step, channel, count);
            for (var layer = 0; layer < layers.Count - 1; layer++) Fire(layer, step);
            Read(step, sums);
        }
        return sums;
    }

    void Send(int layer, int step, int neuron, int count)
    {
        var (target, ring) = (layers[layer], rings[layer]);
        var outputs = target.Outputs;
        var weights = target.Weights.AsSpan(neuron * outputs, outputs);
        var delays = target.Delays.AsSpan(neuron * outputs, outputs);
        for (var output = 0; output < outputs; output++)
            ring[(step + delays[output]) % ringSteps * outputs + output] += count * weights[output];
        SynapticEvents += (long)count * outputs;
    }

    // The order of the fused kernel: charge, fire at the threshold, reset in the same step.
    void Fire(int layer, int step)
    {
        var v = potentials[layer];
        Charge(layer, step);
        for (var neuron = 0; neuron < v.Length; neuron++)
        {
            if (v[neuron] < lif.Threshold) continue;
            v[neuron] = lif.Reset == ResetRule.Hard ? lif.ResetPotential : v[neuron] - lif.Threshold;
            Send(layer + 1, step, neuron, 1);
        }
    }

    void Charge(int layer, int step)
    {
        var (v, bias) = (potentials[layer], layers[layer].Bias);
        var arrived = rings[layer].AsSpan(step % ringSteps * v.Length, v.Length);
        for (var neuron = 0; neuron < v.Length; neuron++)
            v[neuron] = v[neuron] - (v[neuron] - lif.ResetPotential) / lif.Tau + (arrived[neuron] + bias[neuron]);
        arrived.Clear();
    }

    void Read(int step, double[] sums)
    {
        Charge(layers.Count - 1, step);
        var v = potentials[^1];
        var largest = v.Max();
        var total = v.Sum(value => Math.Exp(value - largest));
        for (var output = 0; output < v.Length; output++) sums[output] += Math.Exp(v[output] - largest) / total;
    }
}
