using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Harness.Queue.Sqlite;

/// <summary>A job that may be leased now.</summary>
sealed record NextJob(long Place, string Id, string Content, long Token, bool Leased, string? Device, int Losses);

/// <summary>The statements of the queue; every method runs inside the transaction of the writer thread.</summary>
sealed class JobTables : IDisposable
{
    const int Waiting = 0, Leased = 1, Ended = 2;

    const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 8000;
        PRAGMA cache_size = -32000;
        CREATE TABLE IF NOT EXISTS jobs (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, class TEXT NOT NULL, content TEXT NOT NULL,
            state INTEGER NOT NULL DEFAULT 0, token INTEGER NOT NULL DEFAULT 0, device TEXT, due INTEGER NOT NULL DEFAULT 0,
            avoid TEXT, avoid_until INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX IF NOT EXISTS open_jobs ON jobs (class, state, place) WHERE state < 2;
        CREATE TABLE IF NOT EXISTS attempts (
            job TEXT NOT NULL, token INTEGER NOT NULL, device TEXT NOT NULL, leased INTEGER NOT NULL, outcome INTEGER NOT NULL,
            reason TEXT, PRIMARY KEY (job, token)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS results (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL UNIQUE, token INTEGER NOT NULL, device TEXT NOT NULL,
            content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS stale (
            job TEXT NOT NULL, token INTEGER NOT NULL, device TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (job, token, device));
        """;

    readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    readonly SqliteConnection _connection;

    public JobTables(SqliteConnection connection)
    {
        _connection = connection;
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
    }

    public bool Insert(string id, string deviceClass, string content) =>
        Of("INSERT INTO jobs (id, class, content) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING").Change(id, deviceClass, content) == 1;

    /// <summary>The oldest job that waits and is due, or whose lease has passed.</summary>
    public NextJob? NextOrNull(string device, string deviceClass, long now) => Of("""
        SELECT place, id, content, token, state, device, losses FROM jobs
        WHERE class = $1 AND state < 2 AND due <= $2 AND (avoid IS NULL OR avoid <> $3 OR avoid_until <= $2) ORDER BY state, place LIMIT 1
        """).Rows(row => new NextJob(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4) == Leased,
            row.IsDBNull(5) ? null : row.GetString(5), row.GetInt32(6)), deviceClass, now, device).FirstOrDefault();

    public void Lease(NextJob job, string device, long until, int losses, long now)
    {
        Of("UPDATE jobs SET state = 1, token = $2, device = $3, due = $4, losses = $5, avoid = NULL WHERE place = $1")
            .Change(job.Place, job.Token + 1, device, until, losses);
        Of("INSERT INTO attempts (job, token, device, leased, outcome) VALUES ($1, $2, $3, $4, 0)").Change(job.Id, job.Token + 1, device,
            now);
    }

    public bool Holds(LeaseKey lease) => Of("SELECT 1 FROM jobs WHERE id = $1 AND state = 1 AND token = $2 AND device = $3")
        .Rows(row => row.GetInt32(0), lease.Job, lease.Token, lease.Device).Count == 1;

    /// <summary>Whether the device ever held this lease.</summary>
    public bool Held(LeaseKey lease) => Of("SELECT 1 FROM attempts WHERE job = $1 AND token = $2 AND device = $3")
        .Rows(row => row.GetInt32(0), lease.Job, lease.Token, lease.Device).Count == 1;

    public bool Renew(LeaseKey lease, long until) =>
        Of("UPDATE jobs SET due = $4 WHERE id = $1 AND state = 1 AND token = $2 AND device = $3")
            .Change(lease.Job, lease.Token, lease.Device, until) == 1;

    public int Failures(string job) => Of("SELECT failures FROM jobs WHERE id = $1").Rows(row => row.GetInt32(0), job)[0];

    public void Requeue(LeaseKey lease, int failures, long due, long avoidUntil) =>
        Of("UPDATE jobs SET state = 0, device = NULL, failures = $2, due = $3, avoid = $4, avoid_until = $5 WHERE id = $1")
            .Change(lease.Job, failures, due, lease.Device, avoidUntil);

    public void EndAttempt(string job, long token, AttemptEnd end, string? reason) =>
        Of("UPDATE attempts SET outcome = $3, reason = $4 WHERE job = $1 AND token = $2").Change(job, token, (int)end, reason);

    /// <summary>
    /// Ends the job if the device holds it. The constraint on <c>results.job</c> makes a second result of a job impossible, whatever the
    /// program thinks.
    /// </summary>
    public bool FinishIfHeld(LeaseKey lease, string content)
    {
        if (Of("UPDATE jobs SET state = 2 WHERE id = $1 AND state = 1 AND token = $2 AND device = $3")
            .Change(lease.Job, lease.Token, lease.Device) == 0) return false;
        Keep(lease, content);
        return true;
    }

    /// <summary>Ends a job that nobody holds any more.</summary>
    public void GiveUp(JobResult result)
    {
        Of("UPDATE jobs SET state = 2 WHERE id = $1").Change(result.Lease.Job);
        Keep(result.Lease, Write(result));
    }

    void Keep(LeaseKey lease, string content) =>
        Of("INSERT INTO results (job, token, device, content) VALUES ($1, $2, $3, $4)").Change(lease.Job, lease.Token, lease.Device,
            content);

    public void KeepStale(LeaseKey lease, string content) =>
        Of("INSERT INTO stale (job, token, device, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .Change(lease.Job, lease.Token, lease.Device, content);

    public static string Write(JobResult result) => JsonSerializer.Serialize(result, CanonicalJson.Options);

    public LeaseKey? WinnerOrNull(string job) => Of("SELECT token, device FROM results WHERE job = $1")
        .Rows(row => new LeaseKey(job, row.GetInt64(0), row.GetString(1)), job).FirstOrDefault();

    public string? ContentOrNull(string job) =>
        Of("SELECT content FROM jobs WHERE id = $1").Rows(row => row.GetString(0), job).FirstOrDefault();

    public List<StoredResult> Results(long after, int most) =>
        Of("SELECT sequence, content FROM results WHERE sequence > $1 ORDER BY sequence LIMIT $2")
            .Rows(row => new StoredResult(row.GetInt64(0), Read(row.GetString(1))), after, most);

    public List<Attempt> Attempts(string job) =>
        Of("""
            SELECT attempts.token, attempts.device, leased, CASE WHEN results.token IS NULL THEN outcome ELSE 3 END, reason FROM attempts
            LEFT JOIN results ON results.job = attempts.job AND results.token = attempts.token AND outcome = 0
            WHERE attempts.job = $1 ORDER BY attempts.token
            """).Rows(row => new Attempt(row.GetInt64(0), row.GetString(1), new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero),
                (AttemptEnd)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4)), job);

    public List<JobResult> Stale(string job) =>
        Of("SELECT content FROM stale WHERE job = $1 ORDER BY token").Rows(row => Read(row.GetString(0)), job);

    public List<Depth> Depths() =>
        Of("SELECT class, SUM(state = 0), SUM(state = 1) FROM jobs WHERE state < 2 GROUP BY class ORDER BY class")
            .Rows(row => new Depth(row.GetString(0), row.GetInt32(1), row.GetInt32(2)));

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
    }

    Statement Of(string text) =>
        _statements.TryGetValue(text, out var known) ? known : _statements[text] = new Statement(_connection, text);

    static JobResult Read(string content) => JsonSerializer.Deserialize<JobResult>(content, CanonicalJson.Options)!;
}
