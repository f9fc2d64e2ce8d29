using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>
/// An <see cref="EventGruLayer"/> computed event by event: only the weights of units that spoke are read, as an event-driven machine would.
/// </summary>
sealed class EventGruEngine
{
    readonly int inputs, units;
    readonly float[] inputWeights, recurrentWeights, inputBias, recurrentBias, thresholds;

    public EventGruEngine(EventGruLayer layer)
    {
        if (layer.Sizes.Events != EventRule.Threshold)
            throw new HarnessException("Units that speak at every step have no events to be driven by; choose events: threshold.");
        (inputs, units) = (layer.Sizes.Inputs, layer.Sizes.Units);
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        inputWeights = Columns(layer.Input.weight);
        recurrentWeights = Columns(layer.Recurrent.weight);
        inputBias = layer.Input.bias!.data<float>().ToArray();
        recurrentBias = layer.Recurrent.bias!.data<float>().ToArray();
        thresholds = layer.Thresholds.data<float>().ToArray();
    }

    // A unit's outgoing weights side by side.
    static float[] Columns(Tensor weight) => weight.t().contiguous().data<float>().ToArray();

    /// <summary>Multiply-accumulates of the recurrent weights in the last run.</summary>
    public long RecurrentMacs { get; private set; }

    /// <summary>[steps, inputs] to [steps, units].</summary>
    public float[] Run(ReadOnlySpan<float> input)
    {
        RecurrentMacs = 0;
        var steps = input.Length / inputs;
        var outputs = new float[steps * units];
        var (state, from, own) = (new float[units], new float[3 * units], new float[3 * units]);
        for (var step = 0; step < steps; step++)
        {
            inputBias.CopyTo(from, 0);
            recurrentBias.CopyTo(own, 0);
            Add(from, input.Slice(step * inputs, inputs), inputWeights);
            if (step > 0) RecurrentMacs += Add(own, outputs.AsSpan((step - 1) * units, units), recurrentWeights);
            Advance(state, from, own, outputs.AsSpan(step * units, units));
        }
        return outputs;
    }

    static long Add(float[] sums, ReadOnlySpan<float> values, float[] weights)
    {
        var done = 0L;
        for (var unit = 0; unit < values.Length; unit++)
        {
            if (values[unit] == 0) continue;
            var outgoing = weights.AsSpan(unit * sums.Length, sums.Length);
            for (var target = 0; target < sums.Length; target++) sums[target] += values[unit] * outgoing[target];
            done += sums.Length;
        }
        return done;
    }

    void Advance(float[] state, float[] from, float[] own, Span<float> output)
    {
        for (var unit = 0; unit < units; unit++)
        {
            var z = 1 / (1 + MathF.Exp(-(from[unit] + own[unit])));
            var r = 1 / (1 + MathF.Exp(-(from[units + unit] + own[units + unit])));
            var g = MathF.Tanh(from[2 * units + unit] + r * own[2 * units + unit]);
            state[unit] = z * state[unit] + (1 - z) * g;
            if (state[unit] <= thresholds[unit]) continue;
            output[unit] = state[unit];
            state[unit] -= thresholds[unit];
        }
    }
}
