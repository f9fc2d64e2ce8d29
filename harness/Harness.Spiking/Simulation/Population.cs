namespace Harness.Spiking.Simulation;

/// <summary>What makes a population fire.</summary>
public abstract record SpikeOrigin
{
    private protected SpikeOrigin() { }

    /// <summary>Cells that integrate.</summary>
    internal sealed record Cells(CellModel Model) : SpikeOrigin;
    /// <summary>Independent Poisson trains, in steps: a neuron fires in a step with probability rate × step.</summary>
    internal sealed record Poisson(double Rate) : SpikeOrigin;
    /// <summary>Spikes that the user feeds.</summary>
    internal sealed record Fed : SpikeOrigin;
}

/// <summary>Neurons of one kind in a <see cref="SpikingNetwork"/>, counted from 0.</summary>
public sealed class Population
{
    internal Population(int index, string name, int count, SpikeOrigin origin)
    {
        (Index, Name, Count, Origin) = (index, name, count, origin);
        if (origin is not SpikeOrigin.Cells { Model: var model }) return;
        (Drive, Initial) = (new double[count], new double[count]);
        Array.Fill(Initial, model.Initial);
    }

    public string Name { get; }
    public int Count { get; }

    /// <summary>Constant drive of each cell, the equation's `drive`; writable until a simulator is made. Empty for sources.</summary>
    public double[] Drive { get; } = [];

    /// <summary>Potential of each cell at time 0; writable until a simulator is made. Empty for sources.</summary>
    public double[] Initial { get; } = [];

    internal int Index { get; }
    internal SpikeOrigin Origin { get; }
    internal CellModel? Model => (Origin as SpikeOrigin.Cells)?.Model;
}
