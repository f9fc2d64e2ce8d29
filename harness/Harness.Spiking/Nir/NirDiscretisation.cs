namespace Harness.Spiking.Nir;

/// <summary>How a step of h seconds is computed of an equation τ v′ = s − v that NIR gives in continuous time.</summary>
public enum NirDiscretisation
{
    /// <summary>v ← v + (s − v) h / τ, as SpikingJelly and Norse compute, and our neurons.</summary>
    ForwardEuler,
    /// <summary>v ← s + (v − s) e^(−h / τ), as snnTorch and Rockpool compute, and our simulator.</summary>
    Exponential,
}
