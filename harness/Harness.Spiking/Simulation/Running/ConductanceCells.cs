using System.Runtime.Intrinsics;

namespace Harness.Spiking.Simulation.Running;

/// <summary>All cells at every step, four at a time.</summary>
sealed class ConductanceCells : IReachableCells
{
    readonly Population population;
    readonly ConductanceCell cell;
    readonly double rate, keepExcitatory, keepInhibitory;
    readonly double[] potential, settled, jumps, excitatory, inhibitory;
    readonly RefractoryPeriod refractory;

    public ConductanceCells(Population population, ConductanceCell cell, double step)
    {
        (this.population, this.cell, rate) = (population, cell, -step / cell.Tau);
        (keepExcitatory, keepInhibitory) = (Math.Exp(-step / cell.ExcitatoryTau), Math.Exp(-step / cell.InhibitoryTau));
        (potential, settled) = (Lanes4.Filled(population.Count, cell.Rest), Lanes4.Filled(population.Count, cell.Rest));
        for (var neuron = 0; neuron < population.Count; neuron++) settled[neuron] += population.Drive[neuron];
        (jumps, excitatory, inhibitory) = (Lanes4.Array(population.Count), Lanes4.Array(population.Count), Lanes4.Array(population.Count));
        refractory = new(population.Count, cell.Refractory, step);
        population.Initial.CopyTo(potential, 0);
    }

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
        var (reversalE, reversalI) = (Vector256.Create(cell.ExcitatoryReversal), Vector256.Create(cell.InhibitoryReversal));
        var (keepE, keepI, leak) = (Vector256.Create(keepExcitatory), Vector256.Create(keepInhibitory), Vector256.Create(rate));
        for (var first = 0; first < potential.Length; first += Lanes4.Width)
        {
            ref var v = ref Lanes4.At(potential, first);
            ref var jump = ref Lanes4.At(jumps, first);
            ref var e = ref Lanes4.At(excitatory, first);
            ref var i = ref Lanes4.At(inhibitory, first);
            var until = Lanes4.At(refractory.Until, first);
            var open = Vector256.LessThanOrEqual(until, now);
            var x = v + (jump & Vector256.LessThanOrEqual(until, before));
            var total = Vector256<double>.One + e + i;
            var target = (Lanes4.At(settled, first) + e * reversalE + i * reversalI) / total;
            v = Vector256.ConditionalSelect(open, target + (x - target) * Vector256.Exp(leak * total), x);
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
}
