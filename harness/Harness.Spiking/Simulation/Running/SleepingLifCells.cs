using Harness.Spiking.Neurons;

namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// Cells that sleep while they cannot fire. Without new input tau v' = settled − v + e + i never lets v above the larger of v and
/// settled + max(e, 0) + max(i, 0), so below the threshold that is proof. What arrives wakes a cell, which is first carried over the steps
/// it slept in closed form; awake, it computes what <see cref="LifCells"/> computes.
/// </summary>
sealed class SleepingLifCells : IReachableCells
{
    readonly Population population;
    readonly LifCell cell;
    readonly double step;
    readonly double bar;
    readonly LifDecay decay;
    readonly double[] potential, settled, excitatory, inhibitory;
    readonly double[][] arrived;
    readonly int[] last;
    readonly bool[] awake;
    readonly List<int> active = [];
    readonly RefractoryPeriod refractory;

    public SleepingLifCells(Population population, LifCell cell, double step)
    {
        (this.population, this.cell, this.step, bar) = (population, cell, step, cell.Bar);
        decay = LifDecay.Over(cell, step);
        refractory = new(population.Count, cell.Refractory, step);
        settled = Array.ConvertAll(population.Drive, drive => cell.Rest + drive);
        (potential, excitatory, inhibitory) = (new double[population.Count], new double[population.Count], new double[population.Count]);
        arrived = [new double[population.Count], new double[population.Count], new double[population.Count]];
        (last, awake) = (new int[population.Count], new bool[population.Count]);
        Restart(0);
    }

    public long Updates { get; private set; }
    public double Unit => 1;

    public double[] Input(Receptor receptor) => arrived[(int)receptor];

    public void Touch(ReadOnlySpan<int> targets)
    {
        foreach (var target in targets)
        {
            if (awake[target]) continue;
            awake[target] = true;
            active.Add(target);
        }
    }

    public void Advance(int step, List<int> fired)
    {
        var kept = 0;
        Updates += active.Count;
        for (var at = 0; at < active.Count; at++)
        {
            var neuron = active[at];
            CarryTo(neuron, step - 1);
            TakeArrived(neuron, step - 1);
            var open = refractory.Open(neuron, step);
            Move(neuron, decay, open);
            last[neuron] = step;
            var fires = open && potential[neuron] >= bar;
            if (fires) fired.Add(neuron);
            if (fires || CanFire(neuron)) active[kept++] = neuron;
            else awake[neuron] = false;
        }
        active.RemoveRange(kept, active.Count - kept);
        fired.Sort();
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
            (potential[neuron], arrived[(int)Receptor.Potential][neuron]) = (cell.Reset, 0);
        }
    }

    public void Restart(int next)
    {
        population.Initial.CopyTo(potential, 0);
        foreach (var values in (double[][])[excitatory, inhibitory, .. arrived]) Array.Clear(values);
        refractory.Clear();
        Array.Fill(last, next - 1);
        Array.Fill(awake, true);
        active.Clear();
        active.AddRange(Enumerable.Range(0, population.Count));
    }

    public double Potential(int neuron, int step)
    {
        CarryTo(neuron, step);
        return potential[neuron] + (refractory.Open(neuron, step) ? arrived[(int)Receptor.Potential][neuron] : 0);
    }

    bool CanFire(int neuron) =>
        Math.Max(potential[neuron], settled[neuron] + Math.Max(excitatory[neuron], 0) + Math.Max(inhibitory[neuron], 0)) >= bar;

    void TakeArrived(int neuron, int at)
    {
        if (refractory.Open(neuron, at)) potential[neuron] += arrived[(int)Receptor.Potential][neuron];
        excitatory[neuron] += arrived[(int)Receptor.Excitatory][neuron];
        inhibitory[neuron] += arrived[(int)Receptor.Inhibitory][neuron];
        foreach (var values in arrived) values[neuron] = 0;
    }

    // Nothing has arrived since the last step of the neuron: it slept.
    void CarryTo(int neuron, int to)
    {
        var steps = to - last[neuron];
        if (steps <= 0) return;
        var frozen = (int)Math.Clamp(refractory.Until[neuron] - 1 - last[neuron], 0, steps);
        if (frozen > 0) Move(neuron, LifDecay.Over(cell, frozen * step), open: false);
        if (steps > frozen) Move(neuron, LifDecay.Over(cell, (steps - frozen) * step), open: true);
        last[neuron] = to;
    }

    void Move(int neuron, LifDecay over, bool open)
    {
        var (rest, e, i) = (settled[neuron], excitatory[neuron], inhibitory[neuron]);
        if (open)
            potential[neuron] = rest + (potential[neuron] - rest) * over.Keep + e * over.FromExcitatory + i * over.FromInhibitory;
        excitatory[neuron] = e * over.KeepExcitatory;
        inhibitory[neuron] = i * over.KeepInhibitory;
    }
}
