using System.Diagnostics.CodeAnalysis;
using Harness.Core.Scoring;

namespace Harness.Core.Dispatch;

/// <summary>What a session needs.</summary>
/// <param name="RunId">Makes the id of a run when it starts, a ULID.</param>
public sealed record SessionParts(IDeviceAgent Agent, Scorer Scorer, IResultStore Store, TimeProvider Time, Func<string> RunId,
    Provenance Provenance)
{
    public IProgress<SessionEvent>? Progress { get; init; }
    /// <summary>Leave out trials of which the store holds an ok run of any session.</summary>
    public bool SkipExisting { get; init; }
    /// <summary>Where the runs stand in a paired measurement, if they are part of one.</summary>
    public PairPlace? Pair { get; init; }
}

/// <summary>
/// Runs trials one after another on one agent. Each result is scored and stored before the next trial starts, so that whatever ends the
/// session loses at most the trial under way.
/// </summary>
public sealed class Session(SessionParts parts)
{
    readonly List<RunRecord> _runs = [];
    int _skipped;

    /// <exception cref="HarnessException">The store cannot take a run: nothing that comes after could be kept either.</exception>
    public async Task<SessionSummary> RunAsync(IReadOnlyList<Trial> trials, CancellationToken cancellation)
    {
        var remaining = new RemainingTime(trials);
        var device = await parts.Agent.DescribeAsync(cancellation);
        for (var index = 0; index < trials.Count && !cancellation.IsCancellationRequested; index++)
        {
            var place = new Place(trials, index, remaining);
            if (parts.SkipExisting && await IsStoredAsync(trials[index], cancellation))
            {
                _skipped++;
                Tell(new TrialSkipped(place.Progress, trials[index], "an ok run is stored"));
                continue;
            }
            await RunAsync(place, device, cancellation);
        }
        return new(_runs, _skipped, cancellation.IsCancellationRequested);
    }

    async Task RunAsync(Place place, DeviceCard device, CancellationToken cancellation)
    {
        Tell(new TrialStarted(place.Progress, place.Trial));
        var start = parts.Time.GetTimestamp();
        var run = new RunRecord(parts.RunId(), place.Trial.Id, place.Trial, RunState.Ok, null, device, parts.Time.GetUtcNow(),
            parts.Time.GetUtcNow(), parts.Provenance) { Pair = parts.Pair };
        var (observed, collection) = await ObserveAsync(run, place, cancellation);
        var scored = await ScoreAsync(observed with { Ended = parts.Time.GetUtcNow() }, collection);
        await parts.Store.AppendAsync(scored, CancellationToken.None);
        _runs.Add(scored with { Samples = [], Timings = [], Traces = [], Pictures = null });
        if (scored.State == RunState.Ok) place.Remaining.Note(place.Index, parts.Time.GetElapsedTime(start));
        Tell(new TrialFinished(place.Progress, place.Trial, scored));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure is a row, never a hole.")]
    async Task<(RunRecord Run, Collection Collection)> ObserveAsync(RunRecord run, Place place, CancellationToken cancellation)
    {
        var collection = new Collection();
        Finished finished;
        try
        {
            await foreach (var observation in parts.Agent.RunAsync(place.Trial, cancellation))
            {
                collection.Add(observation);
                if (observation is PhaseStarted phase) Tell(new TrialPhase(place.Progress, place.Trial, phase.Phase));
                if (observation is Trained trained) Tell(new TrialEpoch(place.Progress, place.Trial, trained.Point));
            }
            finished = collection.Finished ?? new(RunState.InfraError, "The agent ended without saying how the run ended.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            finished = new(RunState.Aborted, "The session was interrupted.");
        }
        catch (Exception error)
        {
            finished = new(RunState.InfraError,
                $"The agent failed: {(error is HarnessException ? "" : $"{error.GetType().Name}: ")}{error.Message}");
        }
        return (collection.On(run) with { State = finished.State, Reason = finished.Reason }, collection);
    }

    // The run is over: an interrupt that comes now must not lose it, so scoring does not listen to cancellation.
    async Task<RunRecord> ScoreAsync(RunRecord run, Collection collection)
    {
        try
        {
            return await parts.Scorer.ScoreAsync(run, collection.Predictions, CancellationToken.None);
        }
        catch (DataUnavailableException missing)
        {
            return Unscored(run, RunState.InfraError, missing);
        }
        catch (HarnessException wrong)
        {
            return Unscored(run, RunState.Invalid, wrong);
        }
    }

    static RunRecord Unscored(RunRecord run, RunState state, HarnessException reason) => run.State != RunState.Ok ? run
        : run with { State = state, Reason = $"The run ended, but cannot be scored: {reason.Message}" };

    async Task<bool> IsStoredAsync(Trial trial, CancellationToken cancellation)
    {
        await foreach (var _ in parts.Store.ReadAsync(new(TrialId: trial.Id, State: RunState.Ok), cancellation)) return true;
        return false;
    }

    void Tell(SessionEvent value) => parts.Progress?.Report(value);

    sealed record Place(IReadOnlyList<Trial> Trials, int Index, RemainingTime Remaining)
    {
        public Trial Trial => Trials[Index];
        public SessionProgress Progress => new(Index + 1, Trials.Count, Remaining.FromOrNull(Index));
    }
}
