using System.Security.Cryptography;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>Jobs to be taken in.</summary>
public sealed record SubmitRequest(IReadOnlyList<Job> Jobs);

/// <param name="Sequence">The last result there was before: results of new jobs come after it.</param>
public sealed record SubmitAnswer(int New, int Known, long Sequence);

/// <summary>Asks for results and signs of life that came after the numbers given; waits until there are any.</summary>
public sealed record WatchRequest(long After, long ProgressAfter, double WaitSeconds);

public sealed record WatchAnswer(IReadOnlyList<StoredResult> Results, IReadOnlyList<JobProgress> Progress);

public sealed record BlobRequest(string Hash, long Offset, long Total);

public sealed record BlobAnswer(long Held, bool Whole);

public sealed record TokenRequest(string Class, string PublicKey, double Hours);

public sealed record NameRequest(string Name, string? Reason = null, int Lines = 50, bool Off = false);

public sealed record JobRequest(string Job);

public sealed record JobAnswer(Job? Job, IReadOnlyList<Attempt> Attempts, IReadOnlyList<JobResult> Stale);

public sealed record FleetAnswer(IReadOnlyList<DeviceStatus> Devices, IReadOnlyList<Depth> Depths, IReadOnlyDictionary<string,
    long> Counts);

public sealed record LinesAnswer(IReadOnlyList<string> Lines);

/// <summary>Answers the requests of operators: whoever holds the coordinator's key.</summary>
sealed class OperatorDesk(CoordinatorParts parts, LeaseWaiters waiters, ProgressBoard board, DeviceDesk devices)
{
    const int ResultsTogether = 50, ProgressTogether = 500;

    public async ValueTask<byte[]> AnswerAsync(string verb, ReadOnlyMemory<byte> message, CancellationToken cancellation) => verb switch
    {
        "submit" => Value(await SubmitAsync(Frame.Read<SubmitRequest>(message), cancellation)),
        "watch" => Value(await WatchAsync(Frame.Read<WatchRequest>(message), cancellation)),
        "put" => Value(await PutAsync(Frame.Read<BlobRequest>(message), Frame.PieceOf(message), cancellation)),
        "get" => await GetAsync(Frame.Read<BlobRequest>(message), cancellation),
        "job" => Value(await JobAsync(Frame.Read<JobRequest>(message), cancellation)),
        "fleet" => Value(await FleetAsync(cancellation)),
        "token" => Value(await TokenAsync(Frame.Read<TokenRequest>(message))),
        "quarantine" => Value(Quarantine(Frame.Read<NameRequest>(message))),
        "drain" => Value(Drain(Frame.Read<NameRequest>(message))),
        "health" => Value(Health(Frame.Read<NameRequest>(message))),
        "revoke" => Value(await RevokeAsync(Frame.Read<NameRequest>(message))),
        "logs" => Value(Logs(Frame.Read<NameRequest>(message))),
        _ => throw new RefusedException(Refusal.Malformed, $"There is no request '{verb}'."),
    };

    async ValueTask<SubmitAnswer> SubmitAsync(SubmitRequest request, CancellationToken cancellation)
    {
        foreach (var artefact in request.Jobs.SelectMany(job => job.Bundle).DistinctBy(artefact => (artefact.Hash, artefact.Name)))
        {
            if (!ArtefactName.IsGood(artefact.Name))
                throw new RefusedException(Refusal.BadName, ArtefactName.ReasonOf(artefact.Name));
            if (!await parts.Blobs.HasAsync(BlobHash.Check(artefact.Hash), cancellation))
                throw new RefusedException(Refusal.NotAllowed, $"The file '{artefact.Name}' of the bundle has not been uploaded.");
        }
        foreach (var deviceClass in request.Jobs.Select(job => job.Class).Distinct()) DeviceRegistry.CheckName(deviceClass);
        var before = await LastAsync(cancellation);
        var added = await Task.WhenAll(request.Jobs.Select(async job =>
        {
            if (!await parts.Queue.EnqueueAsync(job, cancellation)) return false;
            waiters.Wake(job.Class);
            return true;
        }));
        var fresh = added.Count(isNew => isNew);
        parts.Journal.Count("submissions");
        return new(fresh, added.Length - fresh, before);
    }

    async ValueTask<long> LastAsync(CancellationToken cancellation)
    {
        var last = 0L;
        while (await parts.Ledger.ResultsAsync(last, 1000, cancellation) is { Count: > 0 } results) last = results[^1].Sequence;
        return last;
    }

    async ValueTask<WatchAnswer> WatchAsync(WatchRequest request, CancellationToken cancellation)
    {
        var start = parts.Time.GetTimestamp();
        while (true)
        {
            var ring = board.NextRing;
            var results = await parts.Ledger.ResultsAsync(request.After, ResultsTogether, cancellation);
            var progress = board.After(request.ProgressAfter, ProgressTogether);
            var left = TimeSpan.FromSeconds(Math.Clamp(request.WaitSeconds, 0, 60)) - parts.Time.GetElapsedTime(start);
            if (results.Count > 0 || progress.Count > 0 || left <= TimeSpan.Zero) return new(results, progress);
            await board.WaitAsync(ring, left < parts.Look ? left : parts.Look, cancellation);
        }
    }

    async ValueTask<BlobAnswer> PutAsync(BlobRequest request, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        if (await parts.Blobs.HasAsync(BlobHash.Check(request.Hash), cancellation)) return new(request.Total, true);
        var held = await parts.Blobs.WriteAsync("operator", request.Hash, request.Total, request.Offset, piece, cancellation);
        return new(held, held == request.Total && await parts.Blobs.HasAsync(request.Hash, cancellation));
    }

    async ValueTask<byte[]> GetAsync(BlobRequest request, CancellationToken cancellation)
    {
        var piece = await parts.Blobs.ReadAsync(request.Hash, request.Offset, Frame.PieceBytes, cancellation);
        return Frame.Write(new Answer<BlobAnswer>(new(request.Offset + piece.Length, piece.Length < Frame.PieceBytes)), piece);
    }

    async ValueTask<JobAnswer> JobAsync(JobRequest request, CancellationToken cancellation) =>
        new(await parts.Ledger.JobOrNullAsync(request.Job, cancellation), await parts.Ledger.AttemptsAsync(request.Job, cancellation),
            await parts.Ledger.StaleAsync(request.Job, cancellation));

    async ValueTask<FleetAnswer> FleetAsync(CancellationToken cancellation) =>
        new(parts.Devices.Statuses, await parts.Ledger.DepthsAsync(cancellation), parts.Journal.Counts);

    async ValueTask<LinesAnswer> TokenAsync(TokenRequest request)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(request.PublicKey)))[..32];
        var expires = parts.Time.GetUtcNow() + TimeSpan.FromHours(Math.Clamp(request.Hours, 0.01, 24 * 365));
        parts.Devices.Add(new EnrolToken(hash, request.PublicKey, request.Class, expires));
        await parts.Devices.AnnounceAsync();
        return new([hash]);
    }

    LinesAnswer Quarantine(NameRequest request)
    {
        parts.Devices.Update(request.Name, device => device with { Quarantine = request.Off ? null : request.Reason ?? "by an operator" });
        if (request.Off) devices.Forgive(request.Name);
        parts.Journal.Note(request.Name, request.Off ? "may have jobs again" : $"quarantined by an operator: {request.Reason}");
        waiters.WakeFirsts();
        return new([]);
    }

    LinesAnswer Drain(NameRequest request)
    {
        parts.Devices.Update(request.Name, device => device with { Draining = !request.Off });
        parts.Journal.Note(request.Name, request.Off ? "takes jobs again" : "finishes its job and takes no other");
        return new([]);
    }

    LinesAnswer Health(NameRequest request)
    {
        devices.WantsHealth[parts.Devices.Find(request.Name).Name] = true;
        return new([]);
    }

    async ValueTask<LinesAnswer> RevokeAsync(NameRequest request)
    {
        parts.Devices.Update(request.Name, device => device with { Revoked = true });
        await parts.Devices.AnnounceAsync();
        parts.Journal.Note(request.Name, "revoked: its key is refused from now on");
        return new([]);
    }

    LinesAnswer Logs(NameRequest request) =>
        new(parts.Journal.Tail(parts.Devices.Find(request.Name).Name, Math.Clamp(request.Lines, 1, 1000)));

    static byte[] Value<T>(T value) where T : class => Frame.Write(new Answer<T>(value));
}
