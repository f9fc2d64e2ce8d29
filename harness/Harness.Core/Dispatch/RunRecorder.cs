using System.Diagnostics.CodeAnalysis;
using Harness.Core.Scoring;

namespace Harness.Core.Dispatch;

/// <summary>Makes a stored run of the observations of a trial, wherever it ran: gathers, scores, appends.</summary>
sealed class RunRecorder(Scorer scorer, IResultStore store)
{
    const string ReferenceClass = "cpu";

    /// <param name="watch">Sees each observation when it was taken.</param>
    /// <param name="ended">When the run ended; asked once, after the last observation.</param>
    /// <returns>The run as it was stored.</returns>
    /// <exception cref="HarnessException">The store cannot take a run: nothing that comes after could be kept either.</exception>
    public async Task<RunRecord> RecordAsync(RunRecord started, IAsyncEnumerable<Observation> observations, Action<Observation> watch,
        Func<DateTimeOffset> ended, CancellationToken cancellation)
    {
        var (observed, collection) = await ObserveAsync(started, observations, watch, cancellation);
        var scored = await BesideReferenceAsync(await ScoreAsync(observed with { Ended = ended() }, collection));
        await store.AppendAsync(scored, CancellationToken.None);
        return scored;
    }

    public async Task<bool> IsStoredAsync(Trial trial, CancellationToken cancellation)
    {
        await foreach (var _ in store.ReadAsync(new(TrialId: trial.Id, State: RunState.Ok), cancellation)) return true;
        return false;
    }

    /// <summary>
    /// The run of another kind of device with its agreement with the newest run of the same trial on a processor of this kind of machine,
    /// where there is one.
    /// </summary>
    async Task<RunRecord> BesideReferenceAsync(RunRecord run)
    {
        if (run.State != RunState.Ok || IsReference(run)) return run;
        var candidates = new List<RunRecord>();
        await foreach (var stored in store.ReadAsync(new(run.Trial.Suite, run.Trial.Protocol, run.Trial.Family, State: RunState.Ok),
            CancellationToken.None))
            if (IsReference(stored) && DeviceAgreement.OfOneTrial(stored, run)) candidates.Add(stored);
        // Predictions are large: only those of the newest run are read, and of the next where it has not the same samples.
        foreach (var candidate in candidates.OrderByDescending(stored => stored.Started))
            await foreach (var reference in store.ReadAsync(new(RunId: candidate.RunId, Detail: true), CancellationToken.None))
                if (DeviceAgreement.Compares(reference, run)) return DeviceAgreement.Of(reference, run).On(run);
        return run;
    }

    static bool IsReference(RunRecord run) => run.Device is { Class: ReferenceClass, Emulated: false };

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure is a row, never a hole.")]
    static async Task<(RunRecord Run, Collection Collection)> ObserveAsync(RunRecord run, IAsyncEnumerable<Observation> observations,
        Action<Observation> watch, CancellationToken cancellation)
    {
        var collection = new Collection();
        Finished finished;
        try
        {
            await foreach (var observation in observations)
            {
                collection.Add(observation);
                watch(observation);
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
            return await scorer.ScoreAsync(run, collection.Predictions, CancellationToken.None);
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
}
