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
    readonly RunRecorder _recorder = new(parts.Scorer, parts.Store);
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
            if (parts.SkipExisting && await _recorder.IsStoredAsync(trials[index], cancellation))
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
        var scored = await _recorder.RecordAsync(run, parts.Agent.RunAsync(place.Trial, cancellation), observation =>
            Watch(place, observation),
            parts.Time.GetUtcNow, cancellation);
        _runs.Add(scored with { Samples = [], Timings = [], Traces = [], Pictures = null });
        if (scored.State == RunState.Ok) place.Remaining.Note(place.Index, parts.Time.GetElapsedTime(start));
        Tell(new TrialFinished(place.Progress, place.Trial, scored));
    }

    void Watch(Place place, Observation observation)
    {
        if (observation is PhaseStarted phase) Tell(new TrialPhase(place.Progress, place.Trial, phase.Phase));
        if (observation is Trained trained) Tell(new TrialEpoch(place.Progress, place.Trial, trained.Point));
    }

    void Tell(SessionEvent value) => parts.Progress?.Report(value);

    sealed record Place(IReadOnlyList<Trial> Trials, int Index, RemainingTime Remaining)
    {
        public Trial Trial => Trials[Index];
        public SessionProgress Progress => new(Index + 1, Trials.Count, Remaining.FromOrNull(Index));
    }
}
