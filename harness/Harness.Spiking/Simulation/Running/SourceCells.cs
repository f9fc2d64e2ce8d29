using Harness.Torch;

namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// Independent Bernoulli draws for every neuron and step, as one sequence through which geometric gaps lead from spike to spike: one draw
/// per spike, not per neuron and step.
/// </summary>
sealed class PoissonCells(int count, double probability, SampleOrder chance) : ICells
{
    readonly double silence = Math.Log(1 - probability);
    long gap = -1;

    public long Updates => 0;

    public void Advance(int step, List<int> fired)
    {
        if (probability == 0) return;
        if (gap < 0) gap = Gap();
        for (; gap < count; gap += 1 + Gap()) fired.Add((int)gap);
        gap -= count;
    }

    public void Reset(List<int> fired, int step) { }

    public void Restart(int next) { }

    // At most 2^53, where the logarithm of a rare draw over that of a tiny probability would leave the range of a long.
    long Gap() => (long)Math.Min(Math.Floor(Math.Log(1 - chance.Unit()) / silence), 1L << 53);
}

/// <summary>Fires what it was fed.</summary>
sealed class FedCells : ICells
{
    readonly Dictionary<int, SortedSet<int>> planned = [];

    public long Updates => 0;

    public void Feed(SpikeEvent spike)
    {
        if (!planned.TryGetValue(spike.Step, out var neurons)) planned[spike.Step] = neurons = [];
        neurons.Add(spike.Neuron);
    }

    public void Advance(int step, List<int> fired)
    {
        if (planned.Remove(step, out var neurons)) fired.AddRange(neurons);
    }

    public void Reset(List<int> fired, int step) { }

    public void Restart(int next) => planned.Clear();
}
