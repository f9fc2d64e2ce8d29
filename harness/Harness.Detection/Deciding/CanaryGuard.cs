using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>How the environment moved between the night that a series is compared with and tonight.</summary>
/// <param name="Move">Change of the canary's cost at the night at which it moved most clearly; 0 when there are no nights before.</param>
/// <param name="Sure">How much of its size is beyond one standard error.</param>
/// <param name="IsSignificant">Whether chance explains it badly.</param>
public sealed record CanaryMove(double Move, double Sure, bool IsSignificant);

/// <summary>
/// The canary is one pinned build on one pinned trial, in absolute terms: what moves it moves everything on the device. Two builds need
/// not answer alike to a new kernel or a warmer room, so a part of its move may show in their ratio.
/// </summary>
public static class CanaryGuard
{
    // A median of normal values varies 1.25 times as much as their mean.
    const double MedianDeviation = 1.2533141373155001;

    /// <param name="canary">Its cost on every night of the series and tonight, oldest first; null where it was not measured.</param>
    /// <param name="changed">Index of the first night after the reference: the environment may have moved then or on any night
    /// since.</param>
    /// <returns>Null when nobody can tell: the canary was not measured on one side.</returns>
    public static CanaryMove? Of(IReadOnlyList<double?> canary, int changed, DetectionPolicy policy)
    {
        if (changed == 0) return new(0, 0, false);
        var scatter = Scatter(canary, policy);
        var moves = Enumerable.Range(changed, canary.Count - changed).Select(night => At(canary, night, scatter, policy));
        return moves.OfType<CanaryMove>().OrderByDescending(move => move.IsSignificant).ThenByDescending(move => move.Sure)
            .ThenByDescending(move => Math.Abs(move.Move)).FirstOrDefault();
    }

    static CanaryMove? At(IReadOnlyList<double?> canary, int night, double scatter, DetectionPolicy policy)
    {
        double[] before = Known(canary, night - policy.CanaryNights, night), since = Known(canary, night, night + policy.CanaryNights);
        if (since.Length == 0 || before.Length == 0) return null;
        var move = Quantiles.Median(since) - Quantiles.Median(before);
        var error = MedianDeviation * scatter * Math.Sqrt(1.0 / before.Length + 1.0 / since.Length);
        return new(move, Math.Max(0, Math.Abs(move) - error), Math.Abs(move) > policy.CanaryDeviations * error);
    }

    // From one night to the next, so that a step counts once and not for every night after it.
    static double Scatter(IReadOnlyList<double?> canary, DetectionPolicy policy)
    {
        var known = Known(canary, canary.Count - policy.Window, canary.Count);
        double[] steps = [.. known.Zip(known.Skip(1), (one, next) => next - one)];
        return steps.Length == 0 ? 0 : Robust.Deviation(steps) / Math.Sqrt(2);
    }

    static double[] Known(IReadOnlyList<double?> canary, int from, int to) =>
        [.. Enumerable.Range(Math.Max(0, from), Math.Min(to, canary.Count) - Math.Max(0, from)).Select(night => canary[night])
            .OfType<double>()];
}
