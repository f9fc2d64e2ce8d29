using System.Text;
using System.Text.Json;
using Harness.Results.Storage;

namespace Harness.Results;

/// <summary>Whether a session reached its end. One that a crash or a signal ended stays <see cref="Running"/> and can be resumed.</summary>
public enum SessionState { Running, Finished }

/// <summary>One call of the harness that runs trials: what was asked and, in order, every trial of it.</summary>
/// <param name="Id">File name of the session: lower-case letters, digits, dot, dash, underscore.</param>
/// <param name="Plan">The plan's text, so that the session can be explained without the plan file.</param>
public sealed record Session(string Id, string CommandLine, string Plan, DateTimeOffset Started, IReadOnlyList<Trial> Trials)
{
    public SessionState State { get; init; } = SessionState.Running;
    /// <summary>Name and purpose of the plan, for the provenance of its runs.</summary>
    public string PlanName { get; init; } = "";
    public string Purpose { get; init; } = "manual";
    /// <summary>Limits of each trial; null is none.</summary>
    public double? TimeLimitSeconds { get; init; }
    public long? MemoryLimitBytes { get; init; }
    /// <summary>Whether trials with an ok run of any session are left out.</summary>
    public bool SkipExisting { get; init; }
    /// <summary>Whether training keeps its state after each epoch, so that it can be finished where it stopped.</summary>
    public bool Checkpoints { get; init; }
    /// <summary>Address and folder of the fleet whose devices run the trials; null is this machine.</summary>
    public SessionFleet? Fleet { get; init; }
    public DateTimeOffset? Ended { get; init; }
}

/// <summary>Where a session finds its coordinator.</summary>
/// <param name="Url">Null is the address that the coordinator's folder names.</param>
public sealed record SessionFleet(string Folder, string? Url);

/// <summary>
/// The sessions of a result store, <c>sessions/ID.json</c>. They say what was to be run; what has been run is only ever
/// derived from the stored runs, so the two cannot disagree.
/// </summary>
public sealed class SessionLog(DirectoryInfo store)
{
    readonly string _folder = Path.Combine(store.FullName, "sessions");

    /// <summary>Ids of all sessions in ordinal order, which is the order of time for ids that begin with a date.</summary>
    public IReadOnlyList<string> Ids => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Records a new session durably, before its first trial runs.</summary>
    /// <exception cref="HarnessException">The id is taken or is no file name.</exception>
    public async Task BeginAsync(Session session, CancellationToken cancellation)
    {
        CheckId(session.Id);
        if (File.Exists(PathOf(session.Id)))
            throw new HarnessException($"The session '{session.Id}' exists already. Continue it with 'harness resume {session.Id}' " +
                "or choose another id.");
        Durable.CreateFolder(_folder);
        await WriteAsync(session, cancellation);
    }

    /// <summary>Marks a session as run to its end.</summary>
    public async Task FinishAsync(string id, DateTimeOffset ended, CancellationToken cancellation) =>
        await WriteAsync(await ReadAsync(id, cancellation) with { State = SessionState.Finished, Ended = ended }, cancellation);

    /// <exception cref="HarnessException">No such session; the message names the nearest. Or its file is damaged.</exception>
    public async Task<Session> ReadAsync(string id, CancellationToken cancellation)
    {
        CheckId(id);
        if (!File.Exists(PathOf(id))) throw new HarnessException($"There is no session '{id}'.{Nearest(id)}");
        try
        {
            return JsonSerializer.Deserialize<Session>(await File.ReadAllTextAsync(PathOf(id), cancellation), CanonicalJson.Options)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new ResultDamagedException(new("sessions", id + ".json", $"it cannot be read: {error.Message}"), error);
        }
    }

    /// <summary>The newest session that did not reach its end; null when all did.</summary>
    public async Task<Session?> LatestRunningOrNullAsync(CancellationToken cancellation)
    {
        Session? latest = null;
        foreach (var id in Ids)
            if (await ReadAsync(id, cancellation) is { State: SessionState.Running } session
                && (latest is null || session.Started >= latest.Started)) latest = session;
        return latest;
    }

    /// <summary>
    /// The trials still to be run, in order: those without a stored run of this session. A run that was aborted or failed for the
    /// device's sake does not count, it is run again; a trial planned n times needs n runs.
    /// </summary>
    public static async Task<IReadOnlyList<Trial>> RemainingAsync(Session session, IResultStore store, CancellationToken cancellation)
    {
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var run in store.ReadAsync(new(Session: session.Id), cancellation))
            if (run.State is not (RunState.Aborted or RunState.InfraError)) done[run.TrialId] = done.GetValueOrDefault(run.TrialId) + 1;
        var remaining = new List<Trial>();
        foreach (var trial in session.Trials)
        {
            if (done.GetValueOrDefault(trial.Id) is var left and > 0) done[trial.Id] = left - 1;
            else remaining.Add(trial);
        }
        return remaining;
    }

    Task WriteAsync(Session session, CancellationToken cancellation) =>
        Durable.ReplaceAsync(PathOf(session.Id), Encoding.UTF8.GetBytes(CanonicalJson.Write(session) + "\n"), cancellation);

    string PathOf(string id) => Path.Combine(_folder, id + ".json");

    string Nearest(string id) => Ids.MaxBy(other => other.Zip(id).TakeWhile(pair => pair.First == pair.Second).Count()) is { } nearest
        ? $" Did you mean '{nearest}'?" : " No session is recorded here yet.";

    static void CheckId(string id)
    {
        if (id.Length is 0 or > 100 || id[0] == '.'
            || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
            throw new HarnessException($"'{id}' is no session id: use up to 100 lower-case letters, digits, dots, dashes and underscores.");
    }
}
