using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>One A/A control: the base against a copy of itself, measured like any other pair of builds.</summary>
public sealed record Control(double Effect, double? Deviation, int Pairs);

/// <summary>What a device says of a quantity when nothing is different.</summary>
/// <param name="Floor">95th percentile of the size of the effect of the last controls. Without enough of them the policy's value, or what
/// the few there are could not have seen, if that is more.</param>
/// <param name="Controls">How many controls it stands on.</param>
/// <param name="SessionResidual">Deviation of what all pairs of one session share, beyond the scatter of the pairs.</param>
public sealed record NoiseFloor(double Floor, int Controls, bool IsKnown, double SessionResidual)
{
    // A Hodges-Lehmann estimate of normal values varies π/3 times as much as their mean.
    const double HodgesLehmannVariance = Math.PI / 3;

    /// <param name="controls">All controls of the device and quantity, oldest first.</param>
    public static NoiseFloor Of(IReadOnlyList<Control> controls, DetectionPolicy policy)
    {
        Control[] last = [.. controls.TakeLast(policy.Controls)];
        if (last.Length < policy.LeastControls)
            return new(last.Select(Blindness).Append(policy.FloorWithoutControls).Max(), last.Length, false, 0);
        double[] effects = [.. last.Select(control => control.Effect)];
        double[] within = [.. last.Select(control => control.Deviation).OfType<double>()
            .Select(deviation => HodgesLehmannVariance * deviation * deviation)];
        var (spread, pair, pairs) = (Robust.Deviation(effects), within.Length == 0 ? 0 : Quantiles.Median(within), last[^1].Pairs);
        return new(Quantiles.Of([.. effects.Select(Math.Abs)], 0.95), last.Length, true,
            Math.Sqrt(Math.Max(0, spread * spread - pair / pairs)));
    }

    /// <summary>The smallest change that may be called one on this device.</summary>
    public double LeastEffect(DetectionPolicy policy) => Math.Max(policy.LeastEffect, policy.SessionResiduals * SessionResidual);

    /// <summary>What a confirmed change has to reach. More pairs than a control has do not lower it: a session adds the same to
    /// all.</summary>
    public double Threshold(DetectionPolicy policy) => Math.Max(LeastEffect(policy), Floor);

    // A device that is so unsteady tonight that its control sees no change of 9 % cannot be asked about one of 5 %.
    static double Blindness(Control control) => Math.Max(Math.Abs(control.Effect), control is { Deviation: { } deviation, Pairs: >= 2 }
        ? DetectableEffect.Paired(deviation, control.Pairs) : 0);

    public bool Contains(Control control) => Math.Abs(control.Effect) <= Floor;
}
