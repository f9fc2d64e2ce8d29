using System.Runtime.InteropServices;

namespace Harness.Spiking.Simulation;

/// <summary>A spike of a neuron in a step: at time step × seconds per step, the start of the step, as Brian2 has it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SpikeEvent(int Step, int Neuron);

/// <summary>The spikes of one population, in the order of steps.</summary>
public sealed class SpikeLog
{
    readonly List<SpikeEvent> spikes = [];
    readonly int neurons;

    internal SpikeLog(int neurons) => this.neurons = neurons;

    public IReadOnlyList<SpikeEvent> Spikes => spikes;

    /// <summary>Spikes of each neuron.</summary>
    public int[] Counts()
    {
        var counts = new int[neurons];
        foreach (var spike in spikes) counts[spike.Neuron]++;
        return counts;
    }

    /// <summary>Step of the first spike of each neuron, null for one that never fired.</summary>
    public int?[] FirstSteps()
    {
        var first = new int?[neurons];
        foreach (var spike in spikes) first[spike.Neuron] ??= spike.Step;
        return first;
    }

    internal void Add(int step, List<int> fired)
    {
        foreach (var neuron in fired) spikes.Add(new(step, neuron));
    }

    internal void Clear() => spikes.Clear();
}

/// <summary>What a simulation did, summed over its populations or projections.</summary>
/// <param name="Spikes">Of sources and cells.</param>
/// <param name="SynapticEvents">Spikes that arrived at a synapse: accumulates.</param>
/// <param name="NeuronUpdates">Steps that cells were integrated over; a sleep that ends counts as one.</param>
/// <param name="WeightUpdates">Changes of a plastic weight.</param>
public sealed record SimulationCounts(long Spikes, long SynapticEvents, long NeuronUpdates, long WeightUpdates);
