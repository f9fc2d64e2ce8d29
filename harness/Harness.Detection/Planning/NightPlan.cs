using Harness.Detection.Deciding;

namespace Harness.Detection.Planning;

/// <summary>What is known of a trial before a night.</summary>
/// <param name="Cell">Names the trial.</param>
/// <param name="RunSeconds">How long one run takes, from stored runs of it or its like; a guess where there is none.</param>
/// <param name="IsTimed">False where <paramref name="RunSeconds"/> is a guess.</param>
/// <param name="NightsSince">Nights since it was measured last; null for never.</param>
/// <param name="Detectable">The smallest relative change that its last night would have shown; null when unknown.</param>
/// <param name="Last">The most open outcome of its series in that night; null without any.</param>
/// <param name="HeadIsNew">Whether the head has commits that the last night had not.</param>
public sealed record CellState(string Cell, double RunSeconds, bool IsTimed, int? NightsSince, double? Detectable, Outcome? Last,
    bool HeadIsNew);

/// <summary>A trial with the reasons for its place in the night.</summary>
/// <param name="Staleness">1 for last night, 30 for a month ago or never.</param>
/// <param name="Noise">What it cannot see yet, in units of the least effect: 0.5 to 3.</param>
/// <param name="Suspicion">4 with an open question, 2 after a change, 1 else; half of it when the head is as it was.</param>
/// <param name="Seconds">Device time of its pairs.</param>
public sealed record PlannedCell(CellState State, double Staleness, double Noise, double Suspicion, double Seconds, bool IsChosen,
    string Reason)
{
    public double Priority => Staleness * Noise * Suspicion;
}

/// <summary>Which trials a night measures: the most urgent ones that its device time pays for.</summary>
public static class NightPlan
{
    /// <summary>Kept for confirmations and bisection: a trigger that cannot be confirmed is a question left open.</summary>
    public const double Reserve = 0.25;
    const double MostNights = 30;
    const double LeastNoise = 0.5;
    const double MostNoise = 3;

    /// <summary>Runs that the pairs of a night take, with the pair that only warms up.</summary>
    public static int Runs(DetectionPolicy policy) => 2 * (policy.Pairs + 1);

    /// <param name="budget">Device time of the whole night.</param>
    /// <param name="control">What the control of the night takes, which is measured first.</param>
    /// <returns>All cells, the most urgent first.</returns>
    public static IReadOnlyList<PlannedCell> Of(IReadOnlyList<CellState> cells, TimeSpan budget, TimeSpan control, DetectionPolicy policy)
    {
        var left = (1 - Reserve) * budget.TotalSeconds - control.TotalSeconds;
        var planned = new List<PlannedCell>();
        foreach (var cell in cells.Select(cell => Weighed(cell, policy)).OrderByDescending(cell => cell.Priority))
        {
            var fits = cell.Seconds <= left;
            if (fits) left -= cell.Seconds;
            planned.Add(cell with { IsChosen = fits, Reason = fits ? Reason(cell.State) : "the device time of the night is used up" });
        }
        return planned;
    }

    static PlannedCell Weighed(CellState cell, DetectionPolicy policy)
    {
        var staleness = Math.Min(MostNights, cell.NightsSince ?? MostNights);
        var noise = Math.Clamp((cell.Detectable ?? policy.FloorWithoutControls) / policy.LeastEffect, LeastNoise, MostNoise);
        var suspicion = cell.Last switch
        {
            Outcome.Unknown or Outcome.Quarantined => 4.0,
            Outcome.Regression or Outcome.Improvement or Outcome.Held => 2,
            _ => 1,
        };
        return new(cell, staleness, noise, cell.HeadIsNew ? suspicion : suspicion / 2, Runs(policy) * cell.RunSeconds, false, "");
    }

    static string Reason(CellState cell) => cell switch
    {
        { NightsSince: null } => "never measured",
        { Last: Outcome.Unknown or Outcome.Quarantined } => "the last night left a question open",
        { HeadIsNew: false } => "no new commit, but there is time",
        _ => cell.NightsSince == 1 ? "due every night" : $"last measured {cell.NightsSince} nights ago",
    };
}
