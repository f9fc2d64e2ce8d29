using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>A reason to look closer.</summary>
/// <param name="Rule">first, band or change: beyond the floor in a young series, outside the band, or a change point.</param>
/// <param name="Shift">How far the series moved; positive is worse.</param>
/// <param name="Back">How many nights before tonight the change began.</param>
public sealed record TriggerSignal(string Rule, double Shift, int Back)
{
    public bool IsWorse => Shift > 0;
}

/// <summary>The cheap test, which may be wrong: it only decides what is confirmed. It looks in both directions.</summary>
public static class Trigger
{
    /// <param name="tonight">Head against base tonight.</param>
    /// <param name="seed">Key of the series and hash of its last run, so that the same series gives the same answer everywhere.</param>
    public static TriggerSignal? Of(SeriesHistory history, double tonight, NoiseFloor floor, DetectionPolicy policy, string seed)
    {
        var start = Math.Max(history.Start, history.Nights.Count - policy.Window + 1);
        int[] places = [.. Enumerable.Range(start, history.Nights.Count - start).Where(night => history.Nights[night].Effect is not null)];
        double[] before = [.. places.Select(night => history.Nights[night].Effect!.Value)];
        if (before.Length < policy.LeastNights) return First(before, history.IsFirstSegment, tonight, floor, policy);
        return Band(before, tonight, floor, policy)
            ?? ChangePoint([.. before, tonight], [.. places, history.Nights.Count], history.Cleared, floor, policy, seed);
    }

    // A young series has no spread of its own: the device's is taken.
    static TriggerSignal? First(double[] before, bool fromBase, double tonight, NoiseFloor floor, DetectionPolicy policy)
    {
        var shift = tonight - (fromBase || before.Length == 0 ? 0 : Quantiles.Median(before));
        return Math.Abs(shift) > floor.Threshold(policy) ? new("first", shift, 0) : null;
    }

    static TriggerSignal? Band(double[] before, double tonight, NoiseFloor floor, DetectionPolicy policy)
    {
        var shift = tonight - Quantiles.Median(before);
        var outside = Math.Abs(shift) > policy.BandDeviations * Robust.Deviation(before);
        return outside && Math.Abs(shift) >= floor.LeastEffect(policy) ? new("band", shift, 0) : null;
    }

    static TriggerSignal? ChangePoint(double[] values, int[] places, int cleared, NoiseFloor floor, DetectionPolicy policy, string seed)
    {
        var clamped = Robust.Clamp(values, policy.ClampDeviations);
        if (ChangePoints.SplitOrNull(clamped) is not { } split || !IsNews(split)) return null;
        var change = ChangePoints.StrongestOrNull(clamped, Chance.From(seed), policy.Permutations)!;
        return change.P <= policy.ChangeP ? new("change", change.Change, places[^1] - places[split]) : null;

        // Before the permutations, which cost a thousand times as much.
        bool IsNews(int index) => places[index] > places[^1] - policy.RecentNights && places[index] > cleared
            && Math.Abs(Quantiles.Median(clamped.AsSpan(index)) - Quantiles.Median(clamped.AsSpan(0, index)))
                >= 2.0 / 3 * floor.LeastEffect(policy);
    }
}
