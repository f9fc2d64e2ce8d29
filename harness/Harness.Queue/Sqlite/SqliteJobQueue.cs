using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Harness.Queue.Sqlite;

/// <summary>
/// The queue in one SQLite file (write-ahead log, flushed at every commit), without a broker. Leases are measured by the wall clock,
/// which outlives the process; a jump of the clock can only end a lease early, and then the token keeps the late result apart.
/// </summary>
public sealed class SqliteJobQueue : IJobQueue, IJobLedger
{
    readonly QueueRules _rules;
    readonly TimeProvider _time;
    readonly SqliteConnection _connection;
    readonly JobTables _tables;
    readonly WriterThread _writer;

    public SqliteJobQueue(FileInfo file, QueueRules rules, TimeProvider time)
    {
        (_rules, _time) = (rules, time);
        file.Directory!.Create();
        var address = new SqliteConnectionStringBuilder { DataSource = file.FullName, Pooling = false };
        _connection = new SqliteConnection(address.ConnectionString);
        try
        {
            _connection.Open();
            _tables = new JobTables(_connection);
        }
        catch (SqliteException failure)
        {
            _connection.Dispose();
            throw new QueueUnavailableException($"The job queue '{file.FullName}' cannot be opened: {failure.Message}", failure);
        }
        _writer = new WriterThread(_connection);
    }

    public ValueTask<bool> EnqueueAsync(Job job, CancellationToken cancellation)
    {
        var (id, content) = (job.Id, CanonicalJson.Write(job));
        return _writer.DoAsync(() => _tables.Insert(id, job.Class, content), cancellation);
    }

    public async ValueTask<Lease?> LeaseOrNullAsync(string device, string deviceClass, CancellationToken cancellation)
    {
        // Reading the job is left to the caller's thread: all others wait for that of the writer.
        var next = await _writer.DoAsync(() => LeaseOrNull(device, deviceClass), cancellation);
        return next is null ? null : new(JobOf(next.Content).Known(next.Id), next.Token + 1, device, _rules.Lease);
    }

    public ValueTask<bool> RenewAsync(LeaseKey lease, CancellationToken cancellation) =>
        _writer.DoAsync(() => _tables.Renew(lease, Now + _rules.Lease.Ticks), cancellation);

    public ValueTask<Completion> CompleteAsync(JobResult result, CancellationToken cancellation)
    {
        var content = JobTables.Write(result);
        return _writer.DoAsync(() => Complete(result, content), cancellation);
    }

    public ValueTask<Release> ReleaseAsync(LeaseKey lease, string reason, CancellationToken cancellation) =>
        _writer.DoAsync(() => Give(lease, reason), cancellation);

    public ValueTask<IReadOnlyList<StoredResult>> ResultsAsync(long after, int most, CancellationToken cancellation) =>
        _writer.DoAsync<IReadOnlyList<StoredResult>>(() => _tables.Results(after, most), cancellation);

    public ValueTask<Job?> JobOrNullAsync(string job, CancellationToken cancellation) =>
        _writer.DoAsync(() => _tables.ContentOrNull(job) is { } content ? JobOf(content).Known(job) : null, cancellation);

    public ValueTask<IReadOnlyList<Attempt>> AttemptsAsync(string job, CancellationToken cancellation) =>
        _writer.DoAsync<IReadOnlyList<Attempt>>(() => _tables.Attempts(job), cancellation);

    public ValueTask<IReadOnlyList<JobResult>> StaleAsync(string job, CancellationToken cancellation) =>
        _writer.DoAsync<IReadOnlyList<JobResult>>(() => _tables.Stale(job), cancellation);

    public ValueTask<IReadOnlyList<Depth>> DepthsAsync(CancellationToken cancellation) =>
        _writer.DoAsync<IReadOnlyList<Depth>>(() => _tables.Depths(), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _tables.Dispose();
    }

    long Now => _time.GetUtcNow().UtcTicks;

    NextJob? LeaseOrNull(string device, string deviceClass)
    {
        while (_tables.NextOrNull(device, deviceClass, Now) is { } next)
        {
            if (next.Leased) _tables.EndAttempt(next.Id, next.Token, AttemptEnd.Lost, "the lease passed without a word");
            var losses = next.Losses + (next.Leased ? 1 : 0);
            if (losses > _rules.Losses)
            {
                _tables.GiveUp(new(new(next.Id, next.Token, next.Device ?? device), RunState.InfraError, QueueRules.LostTooOften(losses),
                    "", ""));
                continue;
            }
            _tables.Lease(next, device, Now + _rules.Lease.Ticks, losses, Now);
            return next;
        }
        return null;
    }

    Completion Complete(JobResult result, string content)
    {
        var lease = result.Lease;
        if (_tables.FinishIfHeld(result.Lease, content)) return Completion.Accepted;
        if (_tables.WinnerOrNull(lease.Job) == lease) return Completion.Duplicate;
        if (!_tables.Held(lease)) return Completion.Unknown;
        _tables.EndAttempt(lease.Job, lease.Token, AttemptEnd.Stale, result.Reason);
        _tables.KeepStale(result.Lease, content);
        return Completion.Stale;
    }

    Release Give(LeaseKey lease, string reason)
    {
        if (!_tables.Holds(lease)) return Release.Stale;
        var failures = _tables.Failures(lease.Job) + 1;
        if (failures > _rules.Retries) return Release.Exhausted;
        var wait = _rules.BackOffAfter(failures).Ticks;
        _tables.EndAttempt(lease.Job, lease.Token, AttemptEnd.Released, reason);
        _tables.Requeue(lease, failures, Now + wait, Now + 2 * wait);
        return Release.Requeued;
    }

    static Job JobOf(string content) => JsonSerializer.Deserialize<Job>(content, CanonicalJson.Options)!;
}
