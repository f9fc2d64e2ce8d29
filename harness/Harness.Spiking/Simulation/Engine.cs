namespace Harness.Spiking.Simulation;

/// <summary>How a network is simulated. All engines share the grid and the order of operations.</summary>
public abstract record Engine
{
    private protected Engine() { }

    /// <summary>Every cell at every step; float64.</summary>
    public static Engine ClockDriven { get; } = new Clock();

    /// <summary>
    /// Only cells that could fire: one that cannot without new input sleeps, and is carried over the skipped steps in closed form when
    /// input arrives. The same spikes as by the clock, for <see cref="LifCell"/> only.
    /// </summary>
    public static Engine EventDriven { get; } = new Events();

    internal sealed record Clock : Engine;
    internal sealed record Events : Engine;
}

/// <summary>
/// Integers, as digital neuromorphic boards compute: weights of so many bits with one scale per target population, potentials and currents
/// of so many bits, decay by a multiplication and a shift. For <see cref="LifCell"/> without plasticity; docs/simulator.md has the
/// equations.
/// </summary>
/// <param name="WeightBits">Of a signed weight, 2 to 24.</param>
/// <param name="StateBits">Of a signed potential or current, which saturates; 8 to 48.</param>
/// <param name="FractionBits">Bits of a state below the unit of a weight, 0 to 16.</param>
/// <param name="DecayBits">Of the decay's factor, 4 to 14. Loihi: 8, 24, 6, 12.</param>
public sealed record FixedPoint(int WeightBits = 8, int StateBits = 24, int FractionBits = 6, int DecayBits = 12) : Engine
{
    internal void Check()
    {
        foreach (var (value, least, most, name) in new[]
        {
            (WeightBits, 2, 24, nameof(WeightBits)), (StateBits, 8, 48, nameof(StateBits)), (FractionBits, 0, 16, nameof(FractionBits)),
            (DecayBits, 4, 14, nameof(DecayBits)),
        })
            if (value < least || value > most) throw new HarnessException($"{name} must be {least} to {most}, not {value}.");
    }
}
