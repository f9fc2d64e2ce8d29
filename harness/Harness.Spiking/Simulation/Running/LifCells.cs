using System.Runtime.Intrinsics;
using Harness.Spiking.Neurons;

namespace Harness.Spiking.Simulation.Running;

/// <summary>All cells at every step, four at a time.</summary>
sealed class LifCells(Population population, LifCell cell, double step) : IReachableCells
{
    readonly LifDecay decay = LifDecay.Over(cell, step);
    readonly double[] potential = Padded(population.Initial);
    readonly double[] settled = Padded(Array.ConvertAll(population.Drive, drive => cell.Rest + drive));
    readonly double[] jumps = Lanes4.Array(population.Count);
    readonly double[] excitatory = Lanes4.Array(population.Count);
    readonly double[] inhibitory = Lanes4.Array(population.Count);
    readonly RefractoryPeriod refractory = new(population.Count, cell.Refractory, step);

    public long Updates { get; private set; }
    public double Unit => 1;

    public double[] Input(Receptor receptor) => receptor switch
    {
        Receptor.Excitatory => excitatory,
        Receptor.Inhibitory => inhibitory,
        _ => jumps,
    };

    public void Touch(ReadOnlySpan<int> targets) { }

    public void Advance(int step, List<int> fired)
    {
        var (before, now, bar) = (Vector256.Create(step - 1.0), Vector256.Create((double)step), Vector256.Create(cell.Bar));
        var (keep, keepE, keepI) = (Vector256.Create(decay.Keep), Vector256.Create(decay.KeepExcitatory),
            Vector256.Create(decay.KeepInhibitory));
        var (fromE, fromI) = (Vector256.Create(decay.FromExcitatory), Vector256.Create(decay.FromInhibitory));
        for (var first = 0; first < potential.Length; first += Lanes4.Width)
        {
            ref var v = ref Lanes4.At(potential, first);
            ref var jump = ref Lanes4.At(jumps, first);
            ref var e = ref Lanes4.At(excitatory, first);
            ref var i = ref Lanes4.At(inhibitory, first);
            var until = Lanes4.At(refractory.Until, first);
            var rest = Lanes4.At(settled, first);
            var open = Vector256.LessThanOrEqual(until, now);
            var x = v + (jump & Vector256.LessThanOrEqual(until, before));
            v = Vector256.ConditionalSelect(open, rest + (x - rest) * keep + e * fromE + i * fromI, x);
            jump = Vector256<double>.Zero;
            e *= keepE;
            i *= keepI;
            Lanes4.Collect(Vector256.GreaterThanOrEqual(v, bar) & open, first, fired);
        }
        Updates += population.Count;
    }

    public void Reset(List<int> fired, int step)
    {
        foreach (var neuron in fired)
        {
            refractory.Start(neuron, step);
            if (cell.ResetRule == ResetRule.Soft)
            {
                potential[neuron] -= cell.Threshold - cell.Rest;
                continue;
            }
            (potential[neuron], jumps[neuron]) = (cell.Reset, 0);
        }
    }

    public void Restart(int next)
    {
        population.Initial.CopyTo(potential, 0);
        foreach (var values in new[] { jumps, excitatory, inhibitory }) Array.Clear(values);
        refractory.Clear();
    }

    public double Potential(int neuron, int step) => potential[neuron] + (refractory.Open(neuron, step) ? jumps[neuron] : 0);

    static double[] Padded(double[] values)
    {
        var padded = Lanes4.Array(values.Length);
        values.CopyTo(padded, 0);
        return padded;
    }
}
