namespace Harness.Detection.Deciding;

/// <summary>What a night concluded about a series.</summary>
public enum Outcome
{
    /// <summary>Nothing to look at.</summary>
    Quiet,
    /// <summary>A trigger was looked into: there is no change that matters.</summary>
    Equivalent,
    /// <summary>A trigger was looked into and not decided; another night will tell.</summary>
    Unknown,
    Regression,
    Improvement,
    /// <summary>The environment moved at the same time; no alert, and the series starts anew from there.</summary>
    Held,
    /// <summary>The control of the night was out of the noise floor: nothing of this device counts tonight.</summary>
    Quarantined,
}

/// <summary>A night of a series that is over.</summary>
/// <param name="Effect">Head against the pinned base; null when it was not measured. It is never filled in.</param>
/// <param name="Build">The head of that night.</param>
/// <param name="Back">How many nights before this one the change began that it concluded on; 0 is this night.</param>
public sealed record PastNight(double? Effect, string Build, Outcome Outcome = Outcome.Quiet, int Back = 0);

/// <summary>The nights of one comparability key, oldest first, and which of them belong together.</summary>
public sealed record SeriesHistory(IReadOnlyList<PastNight> Nights)
{
    /// <summary>The first night of the current segment: a series starts anew where its level was concluded to be another.</summary>
    public int Start => Nights.Select((night, index) => StartsAnew(night.Outcome) ? index - night.Back : 0).DefaultIfEmpty(0).Max();

    /// <summary>The last night up to which everything was judged equivalent; −1 for none.</summary>
    public int Cleared => Nights.Select((night, index) => night.Outcome == Outcome.Equivalent ? index : -1).DefaultIfEmpty(-1).Max();

    /// <summary>True while the level of the series is still measured from the pinned base.</summary>
    public bool IsFirstSegment => !Nights.Any(night => StartsAnew(night.Outcome));

    static bool StartsAnew(Outcome outcome) => outcome is Outcome.Regression or Outcome.Improvement or Outcome.Held;
}
