using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harness.Agent.Running;
using Harness.Core.Dispatch;
using Harness.Queue;
using Harness.Queue.Coordinating;
using Harness.Queue.Protocol;

namespace Harness.Cli.Fleet;

/// <summary>The fleet of a coordinator, as a session sees it: submits jobs and tells what becomes of them.</summary>
/// <param name="prepare">Makes the job of a trial; the same trial of the same session gives the same job.</param>
sealed class RemoteFleet(IFleetLink link, Func<Trial, Job> prepare, TimeProvider time) : IFleet
{
    const int Together = 100;
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<FleetNews> RunAsync(IReadOnlyList<Trial> trials, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var jobs = trials.Select(prepare).ToList();
        var open = jobs.Index().ToDictionary(each => each.Item.Id, each => each.Index, StringComparer.Ordinal);
        var (after, progressAfter) = (await SubmitAsync(jobs, cancellation), 0L);
        while (open.Count > 0)
        {
            var news = await PatientlyAsync(() => link.AskAsync<WatchRequest, WatchAnswer>("watch",
                new(after, progressAfter, Wait.TotalSeconds), cancellation), cancellation);
            foreach (var progress in news.Progress)
            {
                progressAfter = progress.Sequence;
                if (open.TryGetValue(progress.Job, out var index) && NewsOrNull(index, progress) is { } told) yield return told;
            }
            foreach (var stored in news.Results)
            {
                after = stored.Sequence;
                if (open.Remove(stored.Result.Lease.Job, out var index)) yield return Ended(index, trials[index], stored.Result,
                    cancellation);
            }
        }
    }

    /// <summary>The number after which results of these jobs come.</summary>
    async Task<long> SubmitAsync(List<Job> jobs, CancellationToken cancellation)
    {
        long? after = null;
        foreach (var chunk in jobs.Chunk(Together))
        {
            var answer = await PatientlyAsync(() => link.AskAsync<SubmitRequest, SubmitAnswer>("submit", new(chunk), cancellation),
                cancellation);
            // Jobs that were known may have ended long ago.
            if (answer.Known > 0) after = 0;
            after ??= answer.Sequence;
        }
        return after ?? 0;
    }

    static FleetNews? NewsOrNull(int index, JobProgress progress) => progress switch
    {
        { State: DeviceState.Leased } => new FleetStarted(index, progress.Device),
        { Phase: { } phase } => new FleetObserved(index, progress.Device, new PhaseStarted(phase)),
        { Point: { } point } => new FleetObserved(index, progress.Device, new Trained(point)),
        _ => null,
    };

    FleetEnded Ended(int index, Trial trial, JobResult result, CancellationToken cancellation)
    {
        var device = result.Lease.Device;
        if (result.Envelope.Length == 0)
        {
            var now = time.GetUtcNow();
            var unknown = new DeviceCard(device, trial.DeviceClass, "unknown", 0, 0, "unknown", "unknown");
            return new(index, device, unknown, now, now,
                new[] { (Observation)new Finished(result.State, result.Reason) }.ToAsyncEnumerable());
        }
        var envelope = JsonSerializer.Deserialize<Envelope>(result.Envelope, CanonicalJson.Options)!;
        return new(index, device, envelope.Card, envelope.Started, envelope.Ended, ObservationsAsync(envelope, cancellation));
    }

    async IAsyncEnumerable<Observation> ObservationsAsync(Envelope envelope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var packed = new MemoryStream();
        while (packed.Length < envelope.Bytes)
        {
            var answer = await PatientlyAsync(() =>
                link.AskAsync("get", Frame.Write(new BlobRequest(envelope.Observations, packed.Length, 0)),
                cancellation), cancellation);
            _ = LinkExtensions.ValueOf<BlobAnswer>(answer);
            var piece = Frame.PieceOf(answer);
            if (piece.Length == 0) throw new HarnessException($"The observations of job {envelope.Job} end early at the coordinator.");
            packed.Write(piece.Span);
        }
        if (Queue.Blobs.BlobHash.Of(packed.GetBuffer().AsSpan(0, (int)packed.Length)) != envelope.Observations)
            throw new HarnessException($"The observations of job {envelope.Job} are not those that the device signed.");
        packed.Position = 0;
        using var lines = new GZipStream(packed, CompressionMode.Decompress);
        await foreach (var observation in WorkerLine.ReadAllAsync(lines, cancellation)) yield return observation;
    }

    /// <summary>A coordinator that restarts is waited for: what was submitted is on its disk.</summary>
    static async Task<T> PatientlyAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        const int tries = 120;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (Exception failure) when (attempt < tries && failure is LinkDownException or RefusedException { MayPass: true })
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
