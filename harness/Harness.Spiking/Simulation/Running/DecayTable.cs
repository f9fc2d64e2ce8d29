using System.Runtime.CompilerServices;

namespace Harness.Spiking.Simulation.Running;

/// <summary>exp(−steps / tau), looked up where it is asked for most.</summary>
sealed class DecayTable
{
    const int Length = 2048;

    readonly double[] values = new double[Length];
    readonly double rate;

    public DecayTable(double tau, double step)
    {
        rate = -step / tau;
        for (var steps = 0; steps < Length; steps++) values[steps] = Math.Exp(steps * rate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double After(int steps) => (uint)steps < (uint)values.Length ? values[steps] : Math.Exp(steps * rate);
}
