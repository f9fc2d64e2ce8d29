using System.Collections.Concurrent;
using System.Text;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;
using static Harness.Queue.Protocol.RefusedException;

namespace Harness.Queue.Coordinating;

/// <summary>
/// Answers the requests of devices. The caller vouches for the name of the device (the server lets only the holder of its key speak under
/// it); this desk checks on every request that the device may have what it asks for.
/// </summary>
sealed class DeviceDesk(CoordinatorParts parts, LeaseWaiters waiters, ProgressBoard board)
{
    /// <summary>Leases by device, as this process gave or saw them; the queue decides whether they still hold.</summary>
    readonly ConcurrentDictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    /// <summary>Attempts that were looked up, so that a piece of a result does not cost a query.</summary>
    readonly ConcurrentDictionary<LeaseKey, bool> _attempts = new();
    readonly ConcurrentDictionary<string, int> _infraErrors = new(StringComparer.Ordinal);

    public async ValueTask<byte[]> AnswerAsync(FleetDevice device, string verb, ReadOnlyMemory<byte> message,
        CancellationToken cancellation)
        => verb switch
        {
            "hello" => Value(Hello(device, Frame.Read<HelloRequest>(message))),
            "clock" => Clock(),
            "lease" => Value(await LeaseAsync(device, Frame.Read<LeaseRequest>(message), cancellation)),
            "renew" => Value(await RenewAsync(device, Frame.Read<ProgressRequest>(message), cancellation)),
            "progress" => Value(Progress(device, Frame.Read<ProgressRequest>(message))),
            "fetch" => await FetchAsync(device, Frame.Read<FetchRequest>(message), cancellation),
            "put" => Value(await PutAsync(device, Frame.Read<PutRequest>(message), Frame.PieceOf(message), cancellation)),
            "done" => Value(await DoneWithNextAsync(device, Frame.Read<DoneRequest>(message), cancellation)),
            "release" => Value(await ReleaseAsync(device, Frame.Read<ReleaseRequest>(message), cancellation)),
            _ => throw new RefusedException(Refusal.Malformed, $"There is no request '{verb}'."),
        };

    HelloAnswer Hello(FleetDevice device, HelloRequest hello)
    {
        parts.Devices.Note(device.Name, hello);
        if (hello.State == DeviceState.Quarantined && device.Quarantine is null)
            Quarantine(device, hello.Note ?? "the device says so itself");
        if (hello.Health is { } health)
        {
            parts.Journal.Note(device.Name, health.Passed ? $"healthy: canary took {health.CanarySeconds:0.000} s"
                : $"unhealthy: {health.Reason}");
            if (!health.Passed) Quarantine(device, $"health check: {health.Reason}");
            WantsHealth.TryRemove(device.Name, out _);
        }
        return StandingOf(parts.Devices.Find(device.Name));
    }

    /// <summary>Devices whose health an operator asked for.</summary>
    public ConcurrentDictionary<string, bool> WantsHealth { get; } = new(StringComparer.Ordinal);

    /// <summary>Lets a device have jobs again.</summary>
    public void Forgive(string device) => _infraErrors.TryRemove(device, out _);

    byte[] Clock()
    {
        var received = parts.Time.GetUtcNow();
        return Value(new ClockAnswer(received, parts.Time.GetUtcNow()));
    }

    HelloAnswer StandingOf(FleetDevice device) => new(device.Name, device.Class, parts.Rules.Lease.TotalSeconds,
        device.Revoked ? DeviceState.Retired : device.Quarantine is null ? DeviceState.Idle : DeviceState.Quarantined, device.Draining,
        WantsHealth.ContainsKey(device.Name));

    async ValueTask<LeaseAnswer> LeaseAsync(FleetDevice device, LeaseRequest request, CancellationToken cancellation)
    {
        parts.Devices.Note(device.Name, DeviceState.Idle, null);
        if (await ForgottenOrNullAsync(device, request, cancellation) is { } again) return Given(device, again);
        var start = parts.Time.GetTimestamp();
        while (true)
        {
            var standing = StandingOf(parts.Devices.Find(device.Name));
            if (standing is not { Standing: DeviceState.Idle, Draining: false, WantsHealth: false }) return new(null, standing);
            var place = waiters.Join(device.Class);
            try
            {
                if (await parts.Queue.LeaseOrNullAsync(device.Name, device.Class, cancellation) is { } lease) return Given(device, lease);
                var left = TimeSpan.FromSeconds(Math.Clamp(request.WaitSeconds, 0, 60)) - parts.Time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return new(null, standing);
                await waiters.WaitAsync(place, left, cancellation);
            }
            finally
            {
                waiters.Leave(device.Class, place);
            }
        }
    }

    /// <summary>The lease that was given to the device in an answer that it never got.</summary>
    async ValueTask<Lease?> ForgottenOrNullAsync(FleetDevice device, LeaseRequest request, CancellationToken cancellation) =>
        _leases.TryGetValue(device.Name, out var given) && !request.Holding.Contains(given.Job.Id)
        && await parts.Queue.RenewAsync(given.Key, cancellation) ? given : null;

    LeaseAnswer Given(FleetDevice device, Lease lease)
    {
        _leases[device.Name] = lease;
        _attempts[lease.Key] = true;
        parts.Journal.Count("leases");
        parts.Devices.Note(device.Name, DeviceState.Leased, lease.Job.Id);
        board.Add(lease.Job.Id, device.Name, DeviceState.Leased, null, null);
        return new(lease, StandingOf(device));
    }

    async ValueTask<Done> RenewAsync(FleetDevice device, ProgressRequest request, CancellationToken cancellation)
    {
        var key = new LeaseKey(request.Job, request.Token, device.Name);
        var held = await parts.Queue.RenewAsync(key, cancellation);
        if (held) parts.Devices.Note(device.Name, request.State, request.Job, request.Celsius);
        else await RequireAttemptAsync(key, "renew", cancellation);
        return new(held);
    }

    Done Progress(FleetDevice device, ProgressRequest request)
    {
        if (!_leases.TryGetValue(device.Name, out var lease) || lease.Job.Id != request.Job || lease.Token != request.Token)
            throw new RefusedException(Refusal.NotYours, $"The device does not hold job {Shown(request.Job)}.");
        parts.Devices.Note(device.Name, request.State, request.Job, request.Celsius);
        board.Add(request.Job, device.Name, request.State, request.Phase, request.Point);
        return new(true);
    }

    async ValueTask<byte[]> FetchAsync(FleetDevice device, FetchRequest request, CancellationToken cancellation)
    {
        var key = new LeaseKey(request.Job, request.Token, device.Name);
        await RequireAttemptAsync(key, "fetch", cancellation);
        if (!await parts.Queue.RenewAsync(key, cancellation)) throw new RefusedException(Refusal.Lost, "The lease of this job is past.");
        var job = await parts.Ledger.JobOrNullAsync(request.Job, cancellation);
        var artefact = job?.Bundle.FirstOrDefault(artefact => artefact.Hash == request.Hash)
            ?? throw new RefusedException(Refusal.NotYours, $"The content {Shown(request.Hash)} is not part of job {Shown(request.Job)}.");
        var piece = await parts.Blobs.ReadAsync(artefact.Hash, request.Offset, Frame.PieceBytes, cancellation);
        return Frame.Write(new Answer<FetchAnswer>(new(request.Offset, artefact.Bytes)), piece);
    }

    async ValueTask<PutAnswer> PutAsync(FleetDevice device, PutRequest request, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await RequireAttemptAsync(new(request.Job, request.Token, device.Name), "put", cancellation);
        if (request.Total is < 0 || request.Total > parts.LargestResult)
            throw new RefusedException(Refusal.Oversized,
                $"A result of {request.Total} bytes is above the limit of {parts.LargestResult}.");
        try
        {
            return new(await parts.Blobs.WriteAsync(device.Name, request.Hash, request.Total, request.Offset, piece, cancellation));
        }
        catch (BlobTamperedException tampered)
        {
            throw new RefusedException(Refusal.Tampered, tampered.Message);
        }
    }

    async ValueTask<DoneAnswer> DoneWithNextAsync(FleetDevice device, DoneRequest request, CancellationToken cancellation)
    {
        var answer = await DoneAsync(device, request, cancellation);
        return request.Next is not { } next ? answer
            : answer with { Next = await LeaseAsync(device, next with { WaitSeconds = 0 }, cancellation) };
    }

    async ValueTask<DoneAnswer> DoneAsync(FleetDevice device, DoneRequest request, CancellationToken cancellation)
    {
        var envelope = Verified(device, request);
        var key = new LeaseKey(envelope.Job, envelope.Token, device.Name);
        await RequireAttemptAsync(key, "done", cancellation);
        if (!await parts.Blobs.HasAsync(envelope.Observations, cancellation))
            throw new RefusedException(Refusal.Unavailable, "The observations have not arrived; upload them first.");
        if (envelope.State == RunState.InfraError
            && await RequeuedAsync(device, key, envelope, cancellation)) return new(Completion.Stale, true);
        var completion = await parts.Queue.CompleteAsync(new(key, envelope.State, envelope.Reason, request.Envelope, request.Signature),
            cancellation);
        if (completion == Completion.Unknown)
            throw new RefusedException(Refusal.NotYours, $"The device never held job {Shown(envelope.Job)} with token {envelope.Token}.");
        parts.Journal.Count(FleetJournal.Word(completion));
        if (completion == Completion.Stale) parts.Journal.Note(device.Name,
            $"brought job {envelope.Job} too late: kept as a stale attempt");
        if (completion == Completion.Accepted) Judge(device, envelope.State, envelope.Reason);
        Forget(device, key);
        board.Ring();
        return new(completion, false);
    }

    async ValueTask<bool> RequeuedAsync(FleetDevice device, LeaseKey key, Envelope envelope, CancellationToken cancellation)
    {
        if (await parts.Queue.ReleaseAsync(key, envelope.Reason ?? "it gave no reason", cancellation) != Release.Requeued) return false;
        parts.Journal.Count("requeued");
        parts.Journal.Note(device.Name, $"job {envelope.Job} failed for the device's sake and is tried again: {envelope.Reason}");
        Judge(device, envelope.State, envelope.Reason);
        Forget(device, key);
        return true;
    }

    async ValueTask<ReleaseAnswer> ReleaseAsync(FleetDevice device, ReleaseRequest request, CancellationToken cancellation)
    {
        var key = new LeaseKey(request.Job, request.Token, device.Name);
        await RequireAttemptAsync(key, "release", cancellation);
        var release = await parts.Queue.ReleaseAsync(key, request.Reason, cancellation);
        parts.Journal.Note(device.Name, $"gave job {request.Job} back ({FleetJournal.Word(release)}): {request.Reason}");
        Forget(device, key);
        return new(release);
    }

    Envelope Verified(FleetDevice device, DoneRequest request)
    {
        if (string.IsNullOrEmpty(request.Signature)) throw new RefusedException(Refusal.Unsigned, "The result carries no signature.");
        if (!parts.Signatures(device.PublicKey, Encoding.UTF8.GetBytes(request.Envelope), request.Signature))
            throw new RefusedException(Refusal.WrongSignature, "The signature is not that of the device over this result.");
        var envelope = Frame.Read<Envelope>(Encoding.UTF8.GetBytes(request.Envelope));
        if (envelope.Device != device.Name)
            throw new RefusedException(Refusal.NotYours, $"The result names device '{Shown(envelope.Device)}', not '{device.Name}'.");
        BlobHash.Check(envelope.Observations);
        return envelope;
    }

    /// <summary>Only who once leased a job may speak of it, also within a class.</summary>
    async ValueTask RequireAttemptAsync(LeaseKey key, string verb, CancellationToken cancellation)
    {
        if (_attempts.ContainsKey(key)) return;
        var attempts = await parts.Ledger.AttemptsAsync(key.Job, cancellation);
        if (!attempts.Any(attempt => attempt.Token == key.Token && attempt.Device == key.Device))
            throw new RefusedException(Refusal.NotYours,
                $"The device never held job {Shown(key.Job)} with token {key.Token}: {verb} is refused.");
        _attempts[key] = true;
    }

    /// <summary>The circuit breaker: a device that fails again and again would eat the retries of every job.</summary>
    void Judge(FleetDevice device, RunState state, string? reason)
    {
        if (state != RunState.InfraError) _infraErrors.TryRemove(device.Name, out _);
        else if (_infraErrors.AddOrUpdate(device.Name, 1, (_, count) => count + 1) >= parts.InfraErrorsToQuarantine)
            Quarantine(device, $"{parts.InfraErrorsToQuarantine} runs in a row failed for its sake, the last one: {reason}");
    }

    void Quarantine(FleetDevice device, string reason)
    {
        parts.Devices.Update(device.Name, known => known with { Quarantine = reason });
        parts.Journal.Count("quarantines");
        parts.Journal.Note(device.Name, $"quarantined: {reason}");
    }

    void Forget(FleetDevice device, LeaseKey key)
    {
        if (_leases.TryGetValue(device.Name, out var lease) && lease.Key == key) _leases.TryRemove(new(device.Name, lease));
        _attempts.TryRemove(key, out _);
        waiters.Wake(device.Class);
    }

    static byte[] Value<T>(T value) where T : class => Frame.Write(new Answer<T>(value));
}
