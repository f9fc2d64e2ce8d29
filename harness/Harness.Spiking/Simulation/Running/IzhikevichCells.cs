using System.Runtime.Intrinsics;

namespace Harness.Spiking.Simulation.Running;

/// <summary>All cells at every step, four at a time.</summary>
sealed class IzhikevichCells : IReachableCells
{
    readonly Population population;
    readonly IzhikevichCell cell;
    readonly double milliseconds, pace, keepExcitatory, keepInhibitory;
    readonly double[] potential, recovery, drive, jumps, excitatory, inhibitory;

    public IzhikevichCells(Population population, IzhikevichCell cell, double step)
    {
        (this.population, this.cell, milliseconds, pace) = (population, cell, step / 1e-3, cell.A * step / 1e-3);
        (keepExcitatory, keepInhibitory) = (Math.Exp(-step / cell.ExcitatoryTau), Math.Exp(-step / cell.InhibitoryTau));
        // Lanes beyond the population rest: from c, without drive, no cell in use reaches its peak; what they did would be dropped anyway.
        (potential, recovery) = (Lanes4.Filled(population.Count, cell.C), Lanes4.Filled(population.Count, cell.B * cell.C));
        (drive, jumps) = (Lanes4.Array(population.Count), Lanes4.Array(population.Count));
        (excitatory, inhibitory) = (Lanes4.Array(population.Count), Lanes4.Array(population.Count));
        population.Drive.CopyTo(drive, 0);
        Restart(0);
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
        var (h, ah, b) = (Vector256.Create(milliseconds), Vector256.Create(pace), Vector256.Create(cell.B));
        var (keepE, keepI) = (Vector256.Create(keepExcitatory), Vector256.Create(keepInhibitory));
        var (square, slope, offset) = (Vector256.Create(0.04), Vector256.Create(5.0), Vector256.Create(140.0));
        var bar = Vector256.Create(cell.Bar);
        for (var first = 0; first < potential.Length; first += Lanes4.Width)
        {
            ref var v = ref Lanes4.At(potential, first);
            ref var u = ref Lanes4.At(recovery, first);
            ref var e = ref Lanes4.At(excitatory, first);
            ref var i = ref Lanes4.At(inhibitory, first);
            ref var jump = ref Lanes4.At(jumps, first);
            var x = v + jump;
            // Some of these cells double a difference in the last bit often enough to move a spike by a step: Brian2's order of operations.
            v = h * (offset + (Lanes4.At(drive, first) + e + i + square * (x * x) + slope * x) - u) + x;
            u = ah * (b * x - u) + u;
            jump = Vector256<double>.Zero;
            e *= keepE;
            i *= keepI;
            Lanes4.Collect(Vector256.GreaterThanOrEqual(v, bar), first, fired);
        }
        while (fired.Count > 0 && fired[^1] >= population.Count) fired.RemoveAt(fired.Count - 1);
        Updates += population.Count;
    }

    public void Reset(List<int> fired, int step)
    {
        foreach (var neuron in fired)
        {
            (potential[neuron], jumps[neuron]) = (cell.C, 0);
            recovery[neuron] += cell.D;
        }
    }

    public void Restart(int next)
    {
        population.Initial.CopyTo(potential, 0);
        for (var neuron = 0; neuron < population.Count; neuron++) recovery[neuron] = cell.B * potential[neuron];
        foreach (var values in new[] { jumps, excitatory, inhibitory }) Array.Clear(values);
    }

    public double Potential(int neuron, int step) => potential[neuron] + jumps[neuron];
}
