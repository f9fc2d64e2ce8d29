using System.Collections.Concurrent;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harness.Queue.Nats.Jobs;

/// <summary>
/// The queue in a NATS server: jobs in a work-queue stream with one durable consumer for each device class, first leases many in a message
/// and later ones as the last message of the job's subject, and results in a stream whose order has room for one of a job only. A lease
/// that is not renewed is handed out again by the server. Everything can be read back from the streams, also after the server or this
/// process was killed.
/// </summary>
public sealed class NatsJobQueue : IJobQueue, IJobLedger
{
    static readonly byte[] Acknowledge = "+ACK"u8.ToArray(), InProgress = "+WPI"u8.ToArray();

    readonly NatsConnection _connection;
    readonly Streams _streams;
    readonly FirstLeases _firsts;
    readonly ResultLog _results;
    readonly QueueRules _rules;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<string, JobEntry> _entries = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<Task<ClassPuller>>> _pullers = new(StringComparer.Ordinal);

    NatsJobQueue(NatsConnection connection, QueueRules rules, TimeProvider time)
    {
        (_connection, _rules, _time) = (connection, rules, time);
        _streams = new Streams(new NatsJSContext(connection));
        _firsts = new FirstLeases(_streams);
        _results = new ResultLog(_streams);
    }

    /// <summary>Creates what streams are missing and reads what they hold.</summary>
    /// <param name="connection">May do everything; it stays the caller's.</param>
    public static async Task<NatsJobQueue> OpenAsync(NatsConnection connection, QueueRules rules, TimeProvider time,
        CancellationToken cancellation)
    {
        var queue = new NatsJobQueue(connection, rules, time);
        await queue._streams.CreateAsync(cancellation);
        await queue.LoadAsync(cancellation);
        return queue;
    }

    public async ValueTask<bool> EnqueueAsync(Job job, CancellationToken cancellation)
    {
        await PullerAsync(job.Class, cancellation);
        var entry = EntryOf(job.Id);
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            // A job that ended or was leased is gone from the stream or on its way out: the other streams know it.
            if (entry.Record is not null || _results.OfOrNull(job.Id) is not null) return false;
            return (await _streams.WriteAsync($"jobs.{job.Class}.{job.Id}", Streams.Bytes(job), after: 0, cancellation)).Fits;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public async ValueTask<Lease?> LeaseOrNullAsync(string device, string deviceClass, CancellationToken cancellation) =>
        await (await PullerAsync(deviceClass, cancellation)).LeaseOrNullAsync(device).WaitAsync(cancellation);

    public async ValueTask<bool> RenewAsync(LeaseKey lease, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(lease.Job, out var entry)) return false;
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (!IsHeld(entry, lease)) return false;
            entry.Until = Until();
            await _connection.PublishAsync(entry.Record!.Ack, InProgress, cancellationToken: cancellation);
            return true;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public async ValueTask<Completion> CompleteAsync(JobResult result, CancellationToken cancellation)
    {
        var lease = result.Lease;
        if (!_entries.TryGetValue(lease.Job, out var entry)) return Completion.Unknown;
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (_results.OfOrNull(lease.Job)?.Result.Lease == lease) return Completion.Duplicate;
            if (entry.Record?.Attempts.Any(attempt => attempt.Token == lease.Token
                && attempt.Device == lease.Device) != true) return Completion.Unknown;
            if (!IsHeld(entry, lease)) return await KeepStaleAsync(entry, result, cancellation);
            return await FinishAsync(entry, result, cancellation);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public async ValueTask<Release> ReleaseAsync(LeaseKey lease, string reason, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(lease.Job, out var entry)) return Release.Stale;
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (!IsHeld(entry, lease)) return Release.Stale;
            var record = entry.Record!;
            if (record.Failures + 1 > _rules.Retries) return Release.Exhausted;
            var wait = _rules.BackOffAfter(record.Failures + 1);
            var now = _time.GetUtcNow();
            var next = record.Ended(lease.Token, AttemptEnd.Released, reason) with
            {
                Device = null, Failures = record.Failures + 1, Due = now + wait, Avoid = lease.Device, AvoidUntil = now + (2 * wait),
            };
            if (!await WriteRecordAsync(entry, next, cancellation)) return Release.Stale;
            await NotBeforeAsync(record.Ack, wait, cancellation);
            return Release.Requeued;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public ValueTask<IReadOnlyList<StoredResult>> ResultsAsync(long after, int most, CancellationToken cancellation) =>
        new(_results.After(after, most));

    public ValueTask<Job?> JobOrNullAsync(string job, CancellationToken cancellation) =>
        new(_entries.TryGetValue(job, out var entry) ? entry.Record?.Job : null);

    public ValueTask<IReadOnlyList<Attempt>> AttemptsAsync(string job, CancellationToken cancellation) =>
        new(_entries.TryGetValue(job, out var entry) ? entry.Record?.Attempts ?? [] : []);

    public ValueTask<IReadOnlyList<JobResult>> StaleAsync(string job, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(job, out var entry)) return new([]);
        lock (entry.Stale) return new([.. entry.Stale]);
    }

    public async ValueTask<IReadOnlyList<Depth>> DepthsAsync(CancellationToken cancellation)
    {
        var depths = new List<Depth>();
        foreach (var deviceClass in _pullers.Keys.Order(StringComparer.Ordinal))
        {
            var (waiting, leased) = await _streams.DepthAsync(deviceClass, cancellation);
            if (waiting + leased > 0) depths.Add(new(deviceClass, waiting, leased));
        }
        return depths;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var puller in _pullers.Values) await (await puller.Value).DisposeAsync();
        await _firsts.DisposeAsync();
        await _results.DisposeAsync();
        foreach (var entry in _entries.Values) entry.Dispose();
    }

    async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var (content, sequence, subject) in await _streams.AllAsync(Streams.Leases, 0, cancellation))
        {
            if (subject.StartsWith(Streams.Firsts, StringComparison.Ordinal))
                foreach (var first in FirstLeases.Read(content)) Restore(first, 0);
            else
            {
                var record = Streams.Read<LeaseRecord>(content);
                record.Job.Known(subject[(subject.LastIndexOf('.') + 1)..]);
                Restore(record, sequence);
            }
        }
        await _results.CatchUpAsync(cancellation);
        foreach (var (content, _, _) in await _streams.AllAsync(Streams.Stale, 0, cancellation))
        {
            var result = Streams.Read<JobResult>(content);
            EntryOf(result.Lease.Job).Stale.Add(result);
        }
        foreach (var deviceClass in await _streams.ClassesAsync(cancellation)) await PullerAsync(deviceClass, cancellation);
    }

    void Restore(LeaseRecord record, ulong sequence)
    {
        var entry = EntryOf(record.Job.Id);
        if (entry.Record is { } known && known.Token > record.Token) return;
        // How long the lease still held is not known: it is taken to be fresh, so that nobody loses it through a restart.
        (entry.Record, entry.RecordSequence, entry.Until) = (record, sequence, Until());
    }

    /// <summary>Turns a delivery into a lease, unless the job has ended, is held, or must wait.</summary>
    async Task<Lease?> TakeAsync(Delivery delivery, string device)
    {
        var id = delivery.Subject[(delivery.Subject.LastIndexOf('.') + 1)..];
        var entry = EntryOf(id);
        await entry.Gate.WaitAsync();
        try
        {
            var ack = delivery.Ack;
            if (_results.OfOrNull(id) is not null)
            {
                await _connection.PublishAsync(ack, Acknowledge);
                return null;
            }
            if (await HeldBackAsync(entry, ack, device)) return null;
            var job = entry.Record?.Job ?? Streams.Read<Job>(delivery.Content).Known(id);
            return await LeaseAsync(entry, job, ack, delivery.Count, device);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Whether the job is another's by our own clock, waits out its pause, or should go to another device first.</summary>
    async Task<bool> HeldBackAsync(JobEntry entry, string ack, string device)
    {
        if (entry.Record is not { } record) return false;
        if (record.Device is not null && _time.GetTimestamp() < entry.Until - (LeaseTicks / 4))
        {
            // A server that was killed forgets what it handed out last. The lease stands: its delivery is this one from now on. In its last
            // quarter the server's own clock is believed, which began a little earlier than ours.
            if (await WriteRecordAsync(entry, record with { Ack = ack }, CancellationToken.None))
                await _connection.PublishAsync(ack, InProgress);
            return true;
        }
        var now = _time.GetUtcNow();
        if (record.Device is not null) return false;
        var avoided = record.Avoid == device && record.AvoidUntil > now;
        if (record.Due <= now && !avoided) return false;
        // Once it is due it must stay within reach of the others: the one to be avoided gives it back for a moment only.
        await NotBeforeAsync(ack, record.Due > now ? record.Due - now : (record.AvoidUntil - record.Due) / 8, CancellationToken.None);
        return true;
    }

    async Task<Lease?> LeaseAsync(JobEntry entry, Job job, string ack, long delivered, string device)
    {
        var record = entry.Record ?? new LeaseRecord(job, 0, null, ack, 0, 0, default, null, default, []);
        if (record.Device is { } lost)
        {
            record = record.Ended(record.Token, AttemptEnd.Lost, "the lease passed without a word") with { Losses = record.Losses + 1 };
            if (record.Losses > _rules.Losses)
            {
                entry.Record = record with { Ack = ack };
                await FinishAsync(entry, new(new(job.Id, record.Token, lost), RunState.InfraError, QueueRules.LostTooOften(record.Losses),
                    "", ""),
                    CancellationToken.None);
                return null;
            }
        }
        var token = Math.Max(record.Token + 1, delivered);
        var leased = record with
        {
            Token = token, Device = device, Ack = ack, Avoid = null,
            Attempts = [.. record.Attempts, new(token, device, _time.GetUtcNow(), AttemptEnd.Leased, null)],
        };
        if (entry.Record is null)
        {
            await _firsts.AppendAsync(leased);
            entry.Record = leased;
        }
        else if (!await WriteRecordAsync(entry, leased, CancellationToken.None)) return null;
        entry.Until = Until();
        return new(job, token, device, _rules.Lease);
    }

    /// <summary>
    /// Writes the next record if ours is the last. Otherwise either the store lost its last one in a crash, or another coordinator was
    /// faster:
    /// what the stream says is taken over, and nothing is done this time.
    /// </summary>
    async Task<bool> WriteRecordAsync(JobEntry entry, LeaseRecord next, CancellationToken cancellation)
    {
        var (subject, content) = ($"leases.{next.Job.Id}", Streams.Bytes(next));
        var written = await _streams.WriteAsync(subject, content, entry.RecordSequence, cancellation);
        if (written.Fits)
        {
            (entry.Record, entry.RecordSequence) = (next, written.Sequence);
            return true;
        }
        var found = await _streams.LastOrNullAsync<LeaseRecord>(Streams.Leases, subject, cancellation);
        entry.RecordSequence = found?.Sequence ?? 0;
        // An acknowledgement that was lost: the record in the stream is the one just written.
        if (found is { } own && Streams.Bytes(own.Value).AsSpan().SequenceEqual(content))
        {
            entry.Record = next;
            return true;
        }
        if (found is { } other && other.Value.Token >= (entry.Record?.Token ?? 0)) entry.Record = other.Value;
        return false;
    }

    async Task<Completion> FinishAsync(JobEntry entry, JobResult result, CancellationToken cancellation)
    {
        var stored = await _results.AppendAsync(result);
        var record = entry.Record!;
        await AcknowledgeAsync(record.Ack, cancellation);
        if (stored.Result.Lease != result.Lease) return await KeepStaleAsync(entry, result, cancellation);
        entry.Record = result.Envelope.Length == 0 ? record : record.Ended(result.Lease.Token, AttemptEnd.Completed, result.Reason);
        return Completion.Accepted;
    }

    async Task<Completion> KeepStaleAsync(JobEntry entry, JobResult result, CancellationToken cancellation)
    {
        await _streams.WriteAsync($"stale.{result.Lease.Job}.{result.Lease.Token}", Streams.Bytes(result), after: 0, cancellation);
        lock (entry.Stale)
            if (!entry.Stale.Exists(kept => kept.Lease == result.Lease)) entry.Stale.Add(result);
        entry.Record = entry.Record?.Ended(result.Lease.Token, AttemptEnd.Stale, result.Reason);
        return Completion.Stale;
    }

    /// <summary>
    /// Takes the job out of the stream. Where that fails it is handed out once more and then acknowledged: its result is known.
    /// </summary>
    async Task AcknowledgeAsync(string ack, CancellationToken cancellation)
    {
        try
        {
            await _connection.PublishAsync(ack, Acknowledge, cancellationToken: cancellation);
        }
        catch (NatsException) { }
    }

    ValueTask NotBeforeAsync(string ack, TimeSpan wait, CancellationToken cancellation) => _connection.PublishAsync(ack,
        Encoding.ASCII.GetBytes($"-NAK {{\"delay\": {Math.Max(1, (long)wait.TotalNanoseconds)}}}"), cancellationToken: cancellation);

    async Task<ClassPuller> PullerAsync(string deviceClass, CancellationToken cancellation)
    {
        var puller = _pullers.GetOrAdd(deviceClass, name => new(() => ClassPuller.StartAsync(_connection,
            afresh => _streams.ConsumerAsync(name, _rules.Lease, afresh, CancellationToken.None), TakeAsync)));
        try
        {
            return await puller.Value.WaitAsync(cancellation);
        }
        catch when (puller.Value.IsFaulted)
        {
            _pullers.TryRemove(new(deviceClass, puller));
            throw;
        }
    }

    bool IsHeld(JobEntry entry, LeaseKey lease) => entry.IsHeldBy(lease) && _results.OfOrNull(lease.Job) is null;

    JobEntry EntryOf(string job) => _entries.GetOrAdd(job, _ => new());

    long LeaseTicks => (long)(_rules.Lease.TotalSeconds * _time.TimestampFrequency);

    long Until() => _time.GetTimestamp() + LeaseTicks;
}
