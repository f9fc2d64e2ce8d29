namespace Harness.Spiking.Neurons;

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
    /// <summary>max(0, a - a^2 |u|); a = 1 gives 1 at the threshold. Elsewhere called piecewise quadratic or quadratic gate
    /// (q-gate).</summary>
    Triangle,
    /// <summary>a where |u| is below 1 / (2 a), else 0; a = 1 gives 1 at the threshold.</summary>
    Rectangle,
    /// <summary>a / 2 / (1 + a |u|)^2; a = 2 gives 1 at the threshold.</summary>
    SoftSign,
    /// <summary>1 / (1 + a |u|)^2, always 1 at the threshold (Zenke and Ganguli 2018; a = 25 in snnTorch).</summary>
    FastSigmoid,
    /// <summary>a / 2 exp(-a |u|); a = 2 gives 1 at the threshold (SLAYER, Shrestha and Orchard 2018).</summary>
    Exponential,
    /// <summary>a / sqrt(pi) exp(-a^2 u^2): the derivative of the error function.</summary>
    Gaussian,
    /// <summary>a everywhere; a = 1 is the straight-through estimator.</summary>
    StraightThrough,
}
