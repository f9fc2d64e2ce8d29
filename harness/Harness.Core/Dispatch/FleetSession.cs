using Harness.Core.Scoring;

namespace Harness.Core.Dispatch;

/// <summary>Devices elsewhere that run trials, several at once and in any order.</summary>
public interface IFleet
{
    /// <summary>
    /// Hands the trials out and tells what becomes of them until every one has ended. A trial that another call with the same session
    /// handed out already is not run twice: what it gave is told.
    /// </summary>
    IAsyncEnumerable<FleetNews> RunAsync(IReadOnlyList<Trial> trials, CancellationToken cancellation);
}

/// <summary>Something that happened to the trial at <paramref name="Index"/>.</summary>
public abstract record FleetNews(int Index, string Device);

/// <summary>A device took it; after an attempt that failed, once more.</summary>
public sealed record FleetStarted(int Index, string Device) : FleetNews(Index, Device);

/// <summary>A sign of life on the way: its observations come whole, at the end.</summary>
public sealed record FleetObserved(int Index, string Device, Observation Observation) : FleetNews(Index, Device);

/// <param name="Card">The device that ran it.</param>
/// <param name="Observations">Everything it told, as an agent near by would have.</param>
public sealed record FleetEnded(int Index, string Device, DeviceCard Card, DateTimeOffset Started, DateTimeOffset Ended,
    IAsyncEnumerable<Observation> Observations) : FleetNews(Index, Device);

/// <summary>What a session over a fleet needs.</summary>
public sealed record FleetSessionParts(IFleet Fleet, Scorer Scorer, IResultStore Store, TimeProvider Time, Func<string> RunId,
    Provenance Provenance)
{
    public IProgress<SessionEvent>? Progress { get; init; }
    /// <inheritdoc cref="SessionParts.SkipExisting"/>
    public bool SkipExisting { get; init; }
}

/// <summary>
/// Runs trials on a fleet; each result is scored here and stored when it arrives, under the card of the device that made it.
/// </summary>
public sealed class FleetSession(FleetSessionParts parts)
{
    readonly RunRecorder _recorder = new(parts.Scorer, parts.Store);
    readonly List<RunRecord> _runs = [];

    /// <exception cref="HarnessException">The store cannot take a run, or the fleet cannot be reached.</exception>
    public async Task<SessionSummary> RunAsync(IReadOnlyList<Trial> trials, CancellationToken cancellation)
    {
        var wanted = new List<(int Index, Trial Trial)>();
        foreach (var (index, trial) in trials.Index())
        {
            if (!parts.SkipExisting || !await _recorder.IsStoredAsync(trial, cancellation)) wanted.Add((index, trial));
            else Tell(new TrialSkipped(new(index + 1, trials.Count, null), trial, "an ok run is stored"));
        }
        try
        {
            await foreach (var news in parts.Fleet.RunAsync([.. wanted.Select(each => each.Trial)], cancellation))
                await TakeAsync(news, wanted[news.Index].Trial, new(wanted[news.Index].Index + 1, trials.Count, null));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
        return new(_runs, trials.Count - wanted.Count, cancellation.IsCancellationRequested);
    }

    async Task TakeAsync(FleetNews news, Trial trial, SessionProgress progress)
    {
        switch (news)
        {
            case FleetStarted started: Tell(new TrialStarted(progress, trial) { Device = started.Device }); break;
            case FleetObserved { Observation: PhaseStarted phase }: Tell(new TrialPhase(progress, trial, phase.Phase)); break;
            case FleetObserved { Observation: Trained trained }: Tell(new TrialEpoch(progress, trial, trained.Point)); break;
            case FleetEnded ended:
                // A result that has arrived is stored, whatever interrupts the session now.
                var run = new RunRecord(parts.RunId(), trial.Id, trial, RunState.Ok, null, ended.Card, ended.Started, ended.Ended,
                    parts.Provenance);
                var stored = await _recorder.RecordAsync(run, ended.Observations, _ => { }, () => ended.Ended, CancellationToken.None);
                _runs.Add(stored with { Samples = [], Timings = [], Traces = [], Pictures = null });
                Tell(new TrialFinished(progress, trial, stored));
                break;
        }
    }

    void Tell(SessionEvent value) => parts.Progress?.Report(value);
}
