using Harness.Core.Dispatch;
using Harness.Queue;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;
using Harness.Results;
using Session = Harness.Results.Session;

namespace Harness.Cli.Fleet;

/// <summary>Runs the trials of a session on a fleet and stores each result here when it arrives.</summary>
static class FleetRun
{
    public static async Task<SessionSummary> DispatchAsync(Workspace workspace, Session session, OperatorFile fleet, ResultStore store,
        CancellationToken cancellation)
    {
        await using var link = fleet.Connect();
        var bundle = await BundleAsync(workspace, session, link, cancellation);
        var repetitions = await RepetitionsAsync(session, store, cancellation);
        var limits = new JobLimits(session.TimeLimitSeconds, session.MemoryLimitBytes);
        Job Prepare(Trial trial) => new(session.Id, repetitions.GetValueOrDefault(trial.Id), trial, bundle, limits);
        var parts = new FleetSessionParts(new RemoteFleet(link, Prepare, TimeProvider.System), Devices.Scorer(workspace), store,
            TimeProvider.System, () => Identifiers.Ulid(TimeProvider.System.GetUtcNow()),
            Origin.Describe(session.Id, session.PlanName, session.Purpose))
        {
            Progress = new SessionDisplay(workspace.Terminal, TimeProvider.System), SkipExisting = session.SkipExisting,
        };
        var remaining = await SessionLog.RemainingAsync(session, store, cancellation);
        if (remaining.Count < session.Trials.Count)
            workspace.Terminal.Say($"{session.Trials.Count - remaining.Count} of {session.Trials.Count} trials are stored already");
        var summary = await new FleetSession(parts).RunAsync(remaining, cancellation);
        if (summary.Interrupted) workspace.Terminal.Say("the fleet goes on; `harness resume` fetches what it finishes");
        return summary;
    }

    /// <summary>How many runs of a trial this session has stored: a further one is a new job, a repeated request is not.</summary>
    static async Task<Dictionary<string, int>> RepetitionsAsync(Session session, ResultStore store, CancellationToken cancellation)
    {
        var stored = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var run in store.ReadAsync(new(Session: session.Id), cancellation))
            stored[run.TrialId] = stored.GetValueOrDefault(run.TrialId) + 1;
        return stored;
    }

    /// <summary>Uploads the text of the plan and every plug-in with the assemblies beside it, unless the coordinator has them.</summary>
    static async Task<IReadOnlyList<Artefact>> BundleAsync(Workspace workspace, Session session, IFleetLink link,
        CancellationToken cancellation)
    {
        var bundle = new List<Artefact>
        {
            await UploadAsync(link, ArtefactKind.Plan, "plan.yaml", System.Text.Encoding.UTF8.GetBytes(session.Plan), cancellation),
        };
        foreach (var plugin in workspace.PluginFiles)
            bundle.Add(await UploadAsync(link, ArtefactKind.Plugin, plugin.Name,
                await File.ReadAllBytesAsync(plugin.FullName, cancellation),
                cancellation));
        return bundle;
    }

    static async Task<Artefact> UploadAsync(IFleetLink link, ArtefactKind kind, string name, byte[] content, CancellationToken cancellation)
    {
        var hash = BlobHash.Of(content);
        var held = 0L;
        while (true)
        {
            var piece = content.AsMemory((int)held, (int)Math.Min(Frame.PieceBytes, content.Length - held));
            var answer = await link.AskAsync<BlobRequest, BlobAnswer>("put", new(hash, held, content.Length), cancellation, piece);
            if (answer.Whole) return new(kind, ArtefactName.Check(name), hash, content.Length);
            held = answer.Held;
        }
    }
}
