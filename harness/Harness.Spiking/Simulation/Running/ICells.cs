namespace Harness.Spiking.Simulation.Running;

/// <summary>The neurons of one population while a simulation runs. A step calls Advance, delivers what arrives, then calls Reset.</summary>
interface ICells
{
    /// <summary>Takes the state from the end of the step before to the end of <paramref name="step"/>; adds who fires, ascending.</summary>
    void Advance(int step, List<int> fired);

    /// <summary>Spikes of <paramref name="step"/> take effect.</summary>
    void Reset(List<int> fired, int step);

    /// <summary>Back to time 0; <paramref name="next"/> is the first step to come.</summary>
    void Restart(int next);

    /// <summary>How often cells were integrated.</summary>
    long Updates { get; }
}

/// <summary>Cells that synapses can reach.</summary>
interface IReachableCells : ICells
{
    /// <summary>What arrives in a step is added here, one element per cell.</summary>
    double[] Input(Receptor receptor);

    /// <summary>Tells which cells something was added to.</summary>
    void Touch(ReadOnlySpan<int> targets);

    /// <summary>A weight in the numbers of <see cref="Input"/>; 1 where both are the same.</summary>
    double Unit { get; }

    /// <summary>The potential of a cell at the end of <paramref name="step"/>, the last one.</summary>
    double Potential(int cell, int step);
}
