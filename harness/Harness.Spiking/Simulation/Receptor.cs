namespace Harness.Spiking.Simulation;

/// <summary>Where on a cell a synapse ends.</summary>
public enum Receptor
{
    /// <summary>The potential jumps by the weight.</summary>
    Potential,
    /// <summary>The cell's first channel rises by the weight and decays: a current or a conductance, as the cell has it.</summary>
    Excitatory,
    /// <summary>The cell's second channel, with a time constant (and reversal potential) of its own.</summary>
    Inhibitory,
}
