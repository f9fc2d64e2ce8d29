namespace Harness.Spiking.Neurons;

/// <summary>What a spike does to the membrane potential.</summary>
public enum ResetRule
{
    /// <summary>V = 0 after a spike.</summary>
    Hard,
    /// <summary>V = H - threshold after a spike.</summary>
    Soft,
}

/// <summary>
/// Derivative that stands for the step function's in the backward pass, with u = H - threshold and slope a. The forward pass always fires
/// exactly.
/// </summary>
public enum Surrogate
{
    /// <summary>a s (1 - s), s = 1 / (1 + exp(-a u)); a = 4 gives 1 at the threshold.</summary>
    Sigmoid,
    /// <summary>a / 2 / (1 + (pi a u / 2)^2); a = 2 gives 1 at the threshold.</summary>
    ArcTangent,
    /// <summary>max(0, a - a^2 |u|); a = 1 gives 1 at the threshold.</summary>
    Triangle,
    /// <summary>a where |u| is below 1 / (2 a), else 0; a = 1 gives 1 at the threshold.</summary>
    Rectangle,
    /// <summary>a / 2 / (1 + a |u|)^2; a = 2 gives 1 at the threshold.</summary>
    SoftSign,
}

/// <summary>
/// Leaky integrate-and-fire in discrete time, all conventions explicit, as most mismatches between libraries come from these:
/// charge H = V + (X - V) / tau with input decay, H = V - V / tau + X without; fire S = 1 where H >= threshold; reset right after, in
/// the same step; V starts at 0. float32.
/// </summary>
/// <param name="Tau">Membrane time constant in steps, above 1 (1 keeps nothing from the step before).</param>
/// <param name="DecayInput">Whether the input is divided by tau as well.</param>
/// <param name="DetachReset">Whether the gradient ignores that the reset depends on the spike.</param>
/// <param name="Slope">The surrogate's a.</param>
public sealed record LifParameters(float Tau = 2, float Threshold = 1, bool DecayInput = true, ResetRule Reset = ResetRule.Hard,
    bool DetachReset = true, Surrogate Surrogate = Surrogate.Sigmoid, float Slope = 4)
{
    /// <exception cref="HarnessException">A value outside of its meaning; the message names it.</exception>
    public LifParameters Checked()
    {
        if (!(Tau >= 1) || !float.IsFinite(Tau)) throw new HarnessException($"A membrane time constant must be 1 step or more, not {Tau}.");
        if (!(Threshold > 0) || !float.IsFinite(Threshold))
            throw new HarnessException($"A firing threshold must be above 0, not {Threshold}.");
        if (!(Slope > 0) || !float.IsFinite(Slope)) throw new HarnessException($"A surrogate slope must be above 0, not {Slope}.");
        return this;
    }
}
