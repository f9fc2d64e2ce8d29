using Harness.Spiking.Neurons;

namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// <see cref="LifCell"/> in integers, relative to the resting potential: x ← sat(x − trunc(x d / 2^D) + bias + trunc(e c / 2^D) + ...),
/// e ← sat(e − trunc(e d_e / 2^D)), where D are the decay bits, trunc rounds towards 0, sat clips to the state bits.
/// </summary>
sealed class FixedPointCells : IReachableCells
{
    readonly Population population;
    readonly LifCell cell;
    readonly FixedPoint format;
    readonly double scale;
    readonly long most, threshold, bar, reset;
    readonly long leak, leakExcitatory, leakInhibitory, fromExcitatory, fromInhibitory;
    readonly long[] potential, excitatory, inhibitory, bias, initial;
    readonly double[][] arrived;
    readonly RefractoryPeriod refractory;

    /// <param name="largest">The largest magnitude of a weight into the population: the scale follows from it.</param>
    /// <exception cref="HarnessException">A constant of the cell does not fit the format.</exception>
    public FixedPointCells(Population population, LifCell cell, FixedPoint format, double largest, double step)
    {
        (this.population, this.cell, this.format) = (population, cell, format);
        Unit = ((1L << (format.WeightBits - 1)) - 1) / (largest > 0 ? largest : 1);
        scale = Unit * (1L << format.FractionBits);
        most = (1L << (format.StateBits - 1)) - 1;
        var decay = LifDecay.Over(cell, step);
        (leak, leakExcitatory, leakInhibitory) = (Factor(1 - decay.Keep, "membrane's decay"),
            Factor(1 - decay.KeepExcitatory, "excitatory receptor's decay"),
            Factor(1 - decay.KeepInhibitory, "inhibitory receptor's decay"));
        (fromExcitatory, fromInhibitory) = (Factor(decay.FromExcitatory, "excitatory receptor's effect in a step"),
            Factor(decay.FromInhibitory, "inhibitory receptor's effect in a step"));
        (threshold, reset) = (State(cell.Threshold - cell.Rest, "threshold"), State(cell.Reset - cell.Rest, "reset potential"));
        bar = cell.Fires == FireRule.Above ? threshold + 1 : threshold;
        bias = Array.ConvertAll(population.Drive, drive => State(drive * (1 - decay.Keep), "drive"));
        initial = Array.ConvertAll(population.Initial, value => State(value - cell.Rest, "initial potential"));
        (potential, excitatory, inhibitory) = (new long[population.Count], new long[population.Count], new long[population.Count]);
        arrived = [new double[population.Count], new double[population.Count], new double[population.Count]];
        refractory = new(population.Count, cell.Refractory, step);
        Restart(0);
    }

    public long Updates { get; private set; }
    public double Unit { get; }

    public double[] Input(Receptor receptor) => arrived[(int)receptor];

    public void Touch(ReadOnlySpan<int> targets) { }

    public void Advance(int step, List<int> fired)
    {
        for (var neuron = 0; neuron < potential.Length; neuron++)
        {
            var x = potential[neuron] + (refractory.Open(neuron, step - 1) ? Arrived(Receptor.Potential, neuron) : 0);
            var e = Saturated(excitatory[neuron] + Arrived(Receptor.Excitatory, neuron));
            var i = Saturated(inhibitory[neuron] + Arrived(Receptor.Inhibitory, neuron));
            foreach (var values in arrived) values[neuron] = 0;
            var open = refractory.Open(neuron, step);
            if (open) x = x - Scaled(x, leak) + bias[neuron] + Scaled(e, fromExcitatory) + Scaled(i, fromInhibitory);
            potential[neuron] = x = Saturated(x);
            excitatory[neuron] = e - Scaled(e, leakExcitatory);
            inhibitory[neuron] = i - Scaled(i, leakInhibitory);
            if (open && x >= bar) fired.Add(neuron);
        }
        Updates += potential.Length;
    }

    public void Reset(List<int> fired, int step)
    {
        foreach (var neuron in fired)
        {
            refractory.Start(neuron, step);
            if (cell.ResetRule == ResetRule.Soft)
            {
                potential[neuron] -= threshold;
                continue;
            }
            (potential[neuron], arrived[(int)Receptor.Potential][neuron]) = (reset, 0);
        }
    }

    public void Restart(int next)
    {
        initial.CopyTo(potential, 0);
        Array.Clear(excitatory);
        Array.Clear(inhibitory);
        foreach (var values in arrived) Array.Clear(values);
        refractory.Clear();
    }

    public double Potential(int neuron, int step) => cell.Rest
        + (potential[neuron] + (refractory.Open(neuron, step) ? Arrived(Receptor.Potential, neuron) : 0)) / scale;

    long Arrived(Receptor receptor, int neuron) => (long)arrived[(int)receptor][neuron] << format.FractionBits;

    long Saturated(long value) => Math.Clamp(value, -most - 1, most);

    long Scaled(long value, long factor) => value * factor / (1L << format.DecayBits);

    long Factor(double share, string what)
    {
        var factor = (long)Math.Round(share * (1L << format.DecayBits));
        return factor > 0 ? factor
            : throw new HarnessException($"The {what} of {population.Name}, {share:G3}, is 0 in {format.DecayBits} decay bits; use more.");
    }

    long State(double value, string what)
    {
        var state = Math.Round(value * scale);
        return Math.Abs(state) <= most ? (long)state
            : throw new HarnessException($"The {what} of {population.Name} needs more than {format.StateBits} state bits beside weights of "
                + $"{format.WeightBits} bits; use more state bits, or fewer fraction or weight bits.");
    }
}
