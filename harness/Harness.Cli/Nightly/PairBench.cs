using Harness.Agent.Running;
using Harness.Core.Dispatch;
using Harness.Core.Scoring;
using Harness.Detection.Pairing;
using Harness.Results;
using Harness.Statistics;
using Session = Harness.Core.Dispatch.Session;

namespace Harness.Cli.Nightly;

/// <summary>
/// Runs trials on builds, one after another, as <c>harness run</c> does: a worker process each, observed, scored and stored by the same
/// code. Which build a run is of stands in its provenance.
/// </summary>
sealed class PairBench(Workspace workspace, ResultStore store, BuildCache builds, Scorer scorer, WorkerLimits limits, Provenance origin)
{
    public const string Copy = "copy";
    public const string Suspect = "commit";
    public const string Reference = "base";

    int _measurements;

    /// <summary>Pairs in the order A B B A, the first arm by a coin that the session decides.</summary>
    /// <param name="arm">What the second build is: <see cref="PairPlace.Head"/>, copy or commit.</param>
    public async Task<PairedRuns> PairsAsync(Build reference, Build other, Trial trial, int pairs, string arm,
        CancellationToken cancellation)
    {
        var id = NewId();
        var (bases, others) = (new List<RunRecord>(), new List<RunRecord>());
        foreach (var (order, side) in BlockOrder.Of(pairs, Chance.From(id)).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            if (side == Arm.Base) bases.Add(await RunAsync(reference, trial, new(id, Reference, order), cancellation));
            else others.Add(await RunAsync(other, trial, new(id, arm, order), cancellation));
        }
        return new([.. bases.Zip(others)]);
    }

    public Task<RunRecord> OnceAsync(Build build, Trial trial, string arm, CancellationToken cancellation) =>
        RunAsync(build, trial, new(NewId(), arm, 0), cancellation);

    /// <summary>The run with its samples.</summary>
    public Task<RunRecord> WholeAsync(string run, CancellationToken cancellation) =>
        store.ReadAsync(new(RunId: run, Detail: true), cancellation).FirstAsync(cancellation).AsTask();

    string NewId() => $"{origin.Session}-{++_measurements}";

    async Task<RunRecord> RunAsync(Build build, Trial trial, PairPlace place, CancellationToken cancellation)
    {
        await using var agent = Devices.Local(workspace, builds.Worker(build), limits);
        var parts = new SessionParts(agent, scorer, store, TimeProvider.System, () => Identifiers.Ulid(TimeProvider.System.GetUtcNow()),
            origin with { Commit = build.Commit, Dirty = false, Purpose = place.Arm == Copy ? "control_aa" : "nightly" }) { Pair = place };
        var summary = await new Session(parts).RunAsync([trial], cancellation);
        return summary.Interrupted ? throw new OperationCanceledException(cancellation) : summary.Runs[0];
    }
}
