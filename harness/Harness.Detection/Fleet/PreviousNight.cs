namespace Harness.Detection.Fleet;

/// <summary>Tonight against the night before, as actions that keep only the last result do; a missing night is skipped in
/// silence.</summary>
public sealed class PreviousNight(double ratio) : IDetector
{
    public int? SlowerSince(IReadOnlyList<double?> series)
    {
        if (series[^1] is not { } tonight) return null;
        var previous = series.Take(series.Count - 1).LastOrDefault(night => night is not null);
        return tonight - previous > Math.Log(1 + ratio) ? series.Count - 1 : null;
    }
}
