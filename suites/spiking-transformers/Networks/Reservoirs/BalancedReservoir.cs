using Harness.Datasets;

namespace Suites.SpikingTransformers.Networks.Reservoirs;

/// <param name="Units">Four fifths of them excite.</param>
/// <param name="Density">Probability that one unit reaches another.</param>
/// <param name="Strength">g: weights have a magnitude of |N(0, 1)| g / sqrt(density units).</param>
/// <param name="Gain">Of the logistic function.</param>
/// <param name="InputScale">Inputs have weights up to this, either way.</param>
sealed record BalancedSizes(int Units, double Density, double Strength, double Gain, double InputScale);

/// <summary>
/// Excitatory and inhibitory units r = logistic(gain (W r + v u)). Inhibition is either scaled as a whole, so that the mean inhibition into
/// a unit is so many times the mean excitation, or adapted unit by unit: w -= rate (r_i - target_i) r_j for inhibitory j, never above 0.
/// </summary>
sealed class BalancedReservoir : IReservoir
{
    readonly BalancedSizes sizes;
    readonly int excitatory;
    readonly double[] weights, input;
    readonly bool[] connected;

    public BalancedReservoir(BalancedSizes sizes, Chance chance)
    {
        this.sizes = sizes;
        excitatory = sizes.Units * 4 / 5;
        weights = new double[sizes.Units * sizes.Units];
        var scale = sizes.Strength / Math.Sqrt(sizes.Density * sizes.Units);
        for (var to = 0; to < sizes.Units; to++)
            for (var from = 0; from < sizes.Units; from++)
                if (chance.Unit() < sizes.Density)
                    weights[to * sizes.Units + from] = Math.Abs(chance.Normal()) * scale * (from < excitatory ? 1 : -1);
        connected = Array.ConvertAll(weights, weight => weight != 0);
        input = [.. Enumerable.Range(0, sizes.Units).Select(_ => sizes.InputScale * (2 * chance.Unit() - 1))];
    }

    public int Units => sizes.Units;
    public long Synapses => connected.Count(one => one);

    /// <summary>Mean inhibition into a unit over mean excitation, as weights.</summary>
    public double Ratio => -weights.Where(weight => weight < 0).Sum() / weights.Where(weight => weight > 0).Sum();

    /// <summary>Scales all inhibition so that <see cref="Ratio"/> becomes <paramref name="ratio"/>.</summary>
    public void Scale(double ratio)
    {
        var factor = ratio / Ratio;
        for (var at = 0; at < weights.Length; at++)
            if (weights[at] < 0) weights[at] *= factor;
    }

    /// <summary>Adapts inhibition while inputs arrive.</summary>
    /// <param name="targets">[unit], the rate that each should have.</param>
    public void Adapt(ReadOnlySpan<double> inputs, double[] targets, double rate)
    {
        var (now, next) = (new double[Units], new double[Units]);
        foreach (var value in inputs)
        {
            Advance(now, next, value);
            for (var unit = 0; unit < Units; unit++)
            {
                var by = rate * (next[unit] - targets[unit]);
                for (var at = unit * Units + excitatory; at < (unit + 1) * Units; at++)
                    if (connected[at]) weights[at] = Math.Min(0, weights[at] - by * now[at - unit * Units]);
            }
            (now, next) = (next, now);
        }
    }

    public double[] Run(ReadOnlySpan<double> inputs)
    {
        var (states, now, next) = (new double[inputs.Length * Units], new double[Units], new double[Units]);
        for (var step = 0; step < inputs.Length; step++)
        {
            Advance(now, next, inputs[step]);
            next.CopyTo(states, step * Units);
            (now, next) = (next, now);
        }
        return states;
    }

    void Advance(double[] now, double[] next, double value)
    {
        for (var unit = 0; unit < Units; unit++)
            next[unit] = 1 / (1 + Math.Exp(-sizes.Gain * (Products.Row(weights, unit, now) + input[unit] * value)));
    }
}
