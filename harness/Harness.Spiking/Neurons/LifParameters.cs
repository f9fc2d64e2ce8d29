namespace Harness.Spiking.Neurons;

/// <summary>What a spike does to the membrane potential.</summary>
public enum ResetRule
{
    /// <summary>V = reset potential after a spike.</summary>
    Hard,
    /// <summary>V = H - threshold after a spike.</summary>
    Soft,
}

/// <summary>When a neuron fires.</summary>
public enum FireRule
{
    /// <summary>Where H >= threshold (SpikingJelly).</summary>
    AtLeast,
    /// <summary>Where H > threshold (snnTorch, Norse, NIR).</summary>
    Above,
}

/// <summary>
/// Leaky integrate-and-fire in discrete time, all conventions explicit, as most mismatches between libraries come from these:
/// charge H = V + (X - (V - Vr)) / tau with input decay, H = V - (V - Vr) / tau + X without; fire S = 1 by the rule; reset right after, in
/// the same step; V starts at the reset potential Vr. float32.
/// </summary>
/// <param name="Tau">
/// Membrane time constant in steps, 1 or more (1 keeps nothing from the step before). Infinity, without input decay, is
/// integrate-and-fire: H = V + X.
/// </param>
/// <param name="DecayInput">Whether the input is divided by tau as well.</param>
/// <param name="DetachReset">Whether the gradient ignores that the reset depends on the spike.</param>
/// <param name="Slope">The surrogate's a.</param>
/// <param name="ResetPotential">Vr: where V starts, what it leaks to, and where a hard reset puts it.</param>
public sealed record LifParameters(float Tau = 2, float Threshold = 1, bool DecayInput = true, ResetRule Reset = ResetRule.Hard,
    bool DetachReset = true, Surrogate Surrogate = Surrogate.Sigmoid, float Slope = 4, float ResetPotential = 0,
    FireRule Fires = FireRule.AtLeast)
{
    /// <summary>Integrate-and-fire: no leak.</summary>
    public static LifParameters IntegrateAndFire { get; } = new(float.PositiveInfinity, DecayInput: false);

    /// <summary>The smallest potential that fires.</summary>
    internal float Bar => Fires == FireRule.Above ? MathF.BitIncrement(Threshold) : Threshold;

    /// <exception cref="HarnessException">A value outside of its meaning; the message names it.</exception>
    public LifParameters Checked()
    {
        if (!(Tau >= 1)) throw new HarnessException($"A membrane time constant must be 1 step or more, not {Tau}.");
        if (float.IsInfinity(Tau) && DecayInput)
            throw new HarnessException("With an infinite time constant an input that decays by it never arrives; set DecayInput to false.");
        if (!(Threshold > 0) || !float.IsFinite(Threshold))
            throw new HarnessException($"A firing threshold must be above 0, not {Threshold}.");
        if (!(Slope > 0) || !float.IsFinite(Slope)) throw new HarnessException($"A surrogate slope must be above 0, not {Slope}.");
        if (!(ResetPotential < Threshold) || !float.IsFinite(ResetPotential))
            throw new HarnessException($"A reset potential must be below the threshold ({Threshold}), not {ResetPotential}.");
        return this;
    }
}
