namespace Harness.Core.Dispatch;

/// <summary>Where a session stands.</summary>
/// <param name="Position">The trial under way, counted from 1.</param>
/// <param name="Remaining">Estimate for this trial and those after it, from the trials that have ended; null before the first has.</param>
public sealed record SessionProgress(int Position, int Total, TimeSpan? Remaining);

/// <summary>Something a person watching a session wants to see.</summary>
public abstract record SessionEvent(SessionProgress Progress, Trial Trial);

public sealed record TrialStarted(SessionProgress Progress, Trial Trial) : SessionEvent(Progress, Trial)
{
    /// <summary>The device of the fleet that took it; null where there is only one.</summary>
    public string? Device { get; init; }
}

public sealed record TrialSkipped(SessionProgress Progress, Trial Trial, string Reason) : SessionEvent(Progress, Trial);

/// <param name="Phase">The worker's phase: fetch, load, train, predict, latency or count.</param>
public sealed record TrialPhase(SessionProgress Progress, Trial Trial, string Phase) : SessionEvent(Progress, Trial);

public sealed record TrialEpoch(SessionProgress Progress, Trial Trial, TrainingPoint Point) : SessionEvent(Progress, Trial);

/// <param name="Run">The run as it was stored.</param>
public sealed record TrialFinished(SessionProgress Progress, Trial Trial, RunRecord Run) : SessionEvent(Progress, Trial);

/// <summary>What a session did.</summary>
/// <param name="Runs">The runs it stored, without samples and timings, in order.</param>
/// <param name="Skipped">Trials left out because an ok run of them was stored already.</param>
/// <param name="Interrupted">True when it was cancelled; the trials that are missing can be resumed.</param>
public sealed record SessionSummary(IReadOnlyList<RunRecord> Runs, int Skipped, bool Interrupted)
{
    public int Count(RunState state) => Runs.Count(run => run.State == state);
}
