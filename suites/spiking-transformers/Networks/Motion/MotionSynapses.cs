using System.Runtime.InteropServices;
using Harness.Datasets.Events;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>
/// The detectors event by event: an event adds each of its weights to the detector that the synapse leads to, as many steps later as its
/// delay says. Synapses of weight 0 do not exist.
/// </summary>
sealed class MotionSynapses
{
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Synapse(int Output, float Weight);

    readonly MotionSizes sizes;
    readonly float[] bias;
    // [polarity, delay, row, column]: what an event there reaches.
    readonly Synapse[][] outgoing;

    public MotionSynapses(MotionNetwork network)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        sizes = network.Sizes;
        bias = network.Bias.data<float>().ToArray();
        var weights = network.Both().flatten(1).t().contiguous().data<float>().ToArray();
        outgoing = [.. Enumerable.Range(0, sizes.Synapses).Select(place => Synapses(weights.AsSpan(place * sizes.Outputs, sizes.Outputs)))];
    }

    static Synapse[] Synapses(ReadOnlySpan<float> weights)
    {
        List<Synapse> synapses = [];
        for (var output = 0; output < weights.Length; output++)
            if (weights[output] != 0) synapses.Add(new(output, weights[output]));
        return [.. synapses];
    }

    /// <summary>Of all detectors of one place.</summary>
    public long Count => outgoing.Sum(synapses => (long)synapses.Length);

    /// <summary>Additions that the events of a recording cause; those that lead beyond the field or its end are none.</summary>
    public long Operations(FrameImages frames)
    {
        var sum = 0L;
        Visit(frames, (_, synapses) => sum += synapses.Length);
        return sum;
    }

    /// <summary>[step, place, class].</summary>
    public float[] Evidence(FrameImages frames)
    {
        var sums = new float[frames.Steps * sizes.Places * sizes.Outputs];
        Visit(frames, (at, synapses) =>
        {
            var target = sums.AsSpan(at * sizes.Outputs, sizes.Outputs);
            foreach (var synapse in synapses) target[synapse.Output] += synapse.Weight;
        });
        return Stronger(sums);
    }

    float[] Stronger(float[] sums)
    {
        var evidence = new float[sums.Length / sizes.Outputs * sizes.Classes];
        for (var at = 0; at < evidence.Length; at++)
        {
            var (place, one) = (at / sizes.Classes * sizes.Outputs, at % sizes.Classes);
            var sum = sums[place + one];
            evidence[at] = bias[one] + (sizes.Symmetric ? Math.Max(sum, sums[place + sizes.Classes + one]) : sum);
        }
        return evidence;
    }

    // Every place and step that an event reaches, and by which synapses.
    void Visit(FrameImages frames, Action<int, Synapse[]> reach)
    {
        var plane = sizes.Height * sizes.Width;
        var values = frames.Values.Span;
        for (var at = 0; at < values.Length; at++)
        {
            if (values[at] == 0) continue;
            var (frame, pixel) = (at / plane, at % plane);
            var (step, polarity) = (frame / sizes.Polarities, frame % sizes.Polarities);
            for (var delay = 0; delay < Math.Min(sizes.Delays, frames.Steps - step); delay++)
                Reach(polarity * sizes.Delays + delay, (step + delay) * sizes.Places, pixel / sizes.Width, pixel % sizes.Width, reach);
        }
    }

    void Reach(int kernel, int later, int row, int column, Action<int, Synapse[]> reach)
    {
        for (var down = Math.Max(0, row - sizes.Rows + 1); down <= Math.Min(row, sizes.Side - 1); down++)
            for (var right = Math.Max(0, column - sizes.Columns + 1); right <= Math.Min(column, sizes.Side - 1); right++)
                if (outgoing[(kernel * sizes.Side + down) * sizes.Side + right] is { Length: > 0 } synapses)
                    reach(later + (row - down) * sizes.Columns + column - right, synapses);
    }
}
