namespace Harness.Statistics;

/// <summary>The smallest true difference that a design finds with the stated power: what "no change seen" is worth.</summary>
public static class DetectableEffect
{
    /// <summary>(z₁₋α + z_power) · s/√n for a one-sided test of paired differences.</summary>
    /// <param name="deviation">Standard deviation of one paired difference.</param>
    public static double Paired(double deviation, int pairs, double alpha = 0.01, double power = 0.8)
    {
        Ensure.AtLeast(2, pairs, "A detectable effect");
        Ensure.Finite([deviation]);
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        Ensure.Level(alpha);
        Ensure.Level(power);
        return (Probability.NormalQuantile(1 - alpha) + Probability.NormalQuantile(power)) * deviation / Math.Sqrt(pairs);
    }
}
