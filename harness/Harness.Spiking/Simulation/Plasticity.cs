namespace Harness.Spiking.Simulation;

/// <summary>
/// How the weights of a projection change with spikes: additive rules with traces that all spikes add to, weights clipped to a range.
/// A presynaptic spike counts when it arrives, after the delay; in a step, arrivals come before postsynaptic spikes.
/// </summary>
public abstract record Plasticity(double Least, double Most)
{
    internal abstract TripletStdp Rule { get; }

    internal void Check()
    {
        if (!(Least < Most)) throw new HarnessException($"Plastic weights need a range: {Least} is not below {Most}.");
        foreach (var tau in new[] { Rule.PreTau, Rule.PostTau, Rule.SlowPreTau, Rule.SlowPostTau })
            if (!(tau > 0) || !double.IsFinite(tau))
                throw new HarnessException($"The time constant of a trace must be above 0 s, not {tau}.");
    }
}

/// <summary>
/// Pair rule (Song, Miller, Abbott 2000): arrival: w −= depression × y, x += 1; postsynaptic spike: w += potentiation × x, y += 1;
/// x and y decay by <paramref name="PreTau"/> and <paramref name="PostTau"/> seconds.
/// </summary>
public sealed record PairStdp(double Potentiation, double Depression, double PreTau = 20e-3, double PostTau = 20e-3, double Least = 0,
    double Most = 1) : Plasticity(Least, Most)
{
    internal override TripletStdp Rule => new(Potentiation, Depression, 0, 0, PreTau, PostTau, PreTau, PostTau, Least, Most);
}

/// <summary>
/// Triplet rule (Pfister, Gerstner 2006, all-to-all): arrival: w −= y₁ (A₂⁻ + A₃⁻ x₂), then x₁ += 1, x₂ += 1; postsynaptic spike:
/// w += x₁ (A₂⁺ + A₃⁺ y₂), then y₁ += 1, y₂ += 1. The defaults are its visual cortex fit.
/// </summary>
/// <param name="Potentiation">A₂⁺.</param>
/// <param name="Depression">A₂⁻.</param>
/// <param name="TripletPotentiation">A₃⁺.</param>
/// <param name="TripletDepression">A₃⁻.</param>
/// <param name="PreTau">Of x₁, s.</param>
/// <param name="PostTau">Of y₁, s.</param>
/// <param name="SlowPreTau">Of x₂, s.</param>
/// <param name="SlowPostTau">Of y₂, s.</param>
public sealed record TripletStdp(double Potentiation = 5e-10, double Depression = 7e-3, double TripletPotentiation = 6.2e-3,
    double TripletDepression = 2.3e-4, double PreTau = 16.8e-3, double PostTau = 33.7e-3, double SlowPreTau = 101e-3,
    double SlowPostTau = 125e-3, double Least = 0, double Most = 1) : Plasticity(Least, Most)
{
    internal override TripletStdp Rule => this;
}
