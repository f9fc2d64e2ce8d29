using Harness.Spiking.Neurons;

namespace Harness.Spiking.Simulation;

/// <summary>
/// What the cells of a population obey, in continuous time. Times are seconds; potentials and weights share one unit of the user's choice,
/// e.g. volts. docs/simulator.md has the equations, their discretisation, and the order of operations within a step.
/// </summary>
/// <param name="Threshold">Potential that fires.</param>
/// <param name="Refractory">Time after a spike during which the potential stands still and arriving jumps are lost.</param>
public abstract record CellModel(double Threshold, double Refractory)
{
    /// <summary>Whether the threshold itself fires.</summary>
    public FireRule Fires { get; init; } = FireRule.Above;

    /// <summary>Time constant of what arrives at <see cref="Receptor.Excitatory"/>.</summary>
    public double ExcitatoryTau { get; init; } = 5e-3;

    /// <summary>Time constant of what arrives at <see cref="Receptor.Inhibitory"/>.</summary>
    public double InhibitoryTau { get; init; } = 10e-3;

    /// <summary>The smallest potential that fires.</summary>
    internal double Bar => Fires == FireRule.Above ? Math.BitIncrement(Threshold) : Threshold;

    /// <summary>Potential at time 0 unless a population sets others.</summary>
    internal abstract double Initial { get; }

    /// <exception cref="HarnessException">A value outside of its meaning; the message names it.</exception>
    internal virtual void Check()
    {
        RequireFinite(Threshold, "firing threshold");
        if (!(Refractory >= 0) || !double.IsFinite(Refractory))
            throw new HarnessException($"A refractory period must be 0 s or more, not {Refractory}.");
        RequirePositive(ExcitatoryTau, "time constant of the excitatory receptor");
        RequirePositive(InhibitoryTau, "time constant of the inhibitory receptor");
    }

    private protected static void RequirePositive(double value, string what)
    {
        if (!(value > 0) || !double.IsFinite(value)) throw new HarnessException($"A {what} must be above 0, not {value}.");
    }

    private protected static void RequireFinite(double value, string what)
    {
        if (!double.IsFinite(value)) throw new HarnessException($"A {what} must be a finite number, not {value}.");
    }
}

/// <summary>
/// Leaky integrate-and-fire with current synapses, integrated exactly: tau v' = rest − v + drive + e + i, where what arrives at a receptor
/// decays by tau_e e' = −e and tau_i i' = −i, and is a potential: current times membrane resistance. Inhibition has negative weights.
/// </summary>
/// <param name="Tau">Membrane time constant, s.</param>
/// <param name="Rest">What the potential leaks to without drive.</param>
/// <param name="Reset">The potential after a spike by <see cref="ResetRule.Hard"/>; the other rule takes threshold − rest off.</param>
public sealed record LifCell(double Tau, double Threshold, double Rest = 0, double Reset = 0, double Refractory = 0)
    : CellModel(Threshold, Refractory)
{
    public ResetRule ResetRule { get; init; } = ResetRule.Hard;

    internal override double Initial => Rest;

    internal override void Check()
    {
        base.Check();
        RequirePositive(Tau, "membrane time constant");
        RequireFinite(Rest, "resting potential");
        if (!(Reset < Threshold)) throw new HarnessException($"A reset potential must be below the threshold ({Threshold}), not {Reset}.");
    }
}

/// <summary>
/// Leaky integrate-and-fire with conductance synapses: tau v' = rest − v + drive + e (E_e − v) + i (E_i − v), with e and i in units of the
/// leak conductance and decaying by their time constants; both kinds of weights are positive. Exponential Euler: within a step the
/// conductances are those of its start, and v moves exactly under them.
/// </summary>
/// <param name="Tau">Membrane time constant, s.</param>
/// <param name="Rest">What the potential leaks to without drive.</param>
/// <param name="Reset">The potential after a spike.</param>
/// <param name="ExcitatoryReversal">E_e.</param>
/// <param name="InhibitoryReversal">E_i.</param>
public sealed record ConductanceCell(double Tau, double Threshold, double Rest, double Reset, double ExcitatoryReversal,
    double InhibitoryReversal, double Refractory = 0) : CellModel(Threshold, Refractory)
{
    internal override double Initial => Rest;

    internal override void Check()
    {
        base.Check();
        RequirePositive(Tau, "membrane time constant");
        RequireFinite(Rest, "resting potential");
        RequireFinite(ExcitatoryReversal, "reversal potential");
        RequireFinite(InhibitoryReversal, "reversal potential");
        if (!(Reset < Threshold)) throw new HarnessException($"A reset potential must be below the threshold ({Threshold}), not {Reset}.");
    }
}

/// <summary>
/// Izhikevich 2003 in its own units, millivolts and milliseconds: v' = 0.04 v^2 + 5 v + 140 − u + drive + e + i, u' = a (b v − u); where
/// v fires, v = c and u += d. Forward Euler, both equations from the state before. The network's step and the receptors' time constants
/// stay in seconds.
/// </summary>
/// <param name="A">Rate of recovery, per ms.</param>
/// <param name="B">Sensitivity of recovery to the potential.</param>
/// <param name="C">Potential after a spike, mV.</param>
/// <param name="D">Jump of recovery at a spike.</param>
/// <param name="Peak">Potential that counts as a spike, mV.</param>
public sealed record IzhikevichCell(double A = 0.02, double B = 0.2, double C = -65, double D = 8, double Peak = 30)
    : CellModel(Peak, 0)
{
    internal override double Initial => C;

    internal override void Check()
    {
        base.Check();
        foreach (var value in new[] { A, B, D }) RequireFinite(value, "constant of an Izhikevich cell");
        if (!(C < Peak)) throw new HarnessException($"The potential after a spike must be below the peak ({Peak} mV), not {C} mV.");
    }
}
