namespace Harness.Results;

/// <summary>What one night of `harness nightly` found, for those who read it elsewhere.</summary>
/// <param name="Comparisons">Everything that was compared, controls included; all belong to a series.</param>
/// <param name="Unmeasured">Trials without a result, and why.</param>
public sealed record NightReport(string Session, string Base, string Head, string Device, IReadOnlyList<Comparison> Comparisons,
    IReadOnlyList<Alert> Alerts, IReadOnlyList<Occurrence> Events, IReadOnlyList<string> Unmeasured)
{
    const string Worse = "regression";

    public IEnumerable<Alert> Regressions => Alerts.Where(alert => alert.Verdict == Worse);

    internal IEnumerable<Comparison> Nightly => Comparisons.Where(found => found.Entry?.Role == SeriesEntry.Nightly);

    internal IEnumerable<Comparison> Controls => Comparisons.Where(found => found.Entry?.Role == SeriesEntry.Control);

    internal static bool IsRegression(Comparison found) => found.Entry?.Outcome == Worse;

    /// <summary>The alert that a comparison led to.</summary>
    internal Alert? AlertOf(Comparison found) => Alerts.FirstOrDefault(alert => alert.Series == found.Entry?.Series);
}
