using System.Collections.Concurrent;
using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>Finds the folders of runs by the index instead of opening every one. Segments never change, so each is read once.</summary>
sealed class IndexReader(string store)
{
    /// <summary>State of a run that could not be read when it was indexed; it may be any run, so every filter lets it through.</summary>
    public const string Damaged = "damaged";

    static readonly IndexTable Needed = IndexTables.Runs with
    {
        Columns = [.. IndexTables.Runs.Columns.Where(column =>
            column.Name is "run_id" or "started_at" or "trial_id" or "state" or "session_id" or "suite"
            or "model_id" or "model_family" or "protocol_id" or "folder")],
        Key = [],
    };

    readonly IndexFolder _index = new(store);
    ConcurrentDictionary<string, Frame> _read = new(StringComparer.Ordinal);

    /// <summary>
    /// The folders of the runs that may pass the filter, oldest first; null when the index is absent, behind the chain, or unreadable, and
    /// the folders must be looked through instead.
    /// </summary>
    public async Task<IReadOnlyList<string>?> FoldersOrNullAsync(ResultFilter filter, CancellationToken cancellation)
    {
        if (await FramesOrNullAsync(cancellation) is not { } frames) return null;
        var folders = new List<string>();
        foreach (var frame in frames) Select(frame, filter, folders);
        folders.Sort(StringComparer.Ordinal);
        return folders;
    }

    /// <summary>Every run's id, oldest first; null as for folders, or when a run could not be read when it was indexed.</summary>
    public async Task<IReadOnlyList<string>?> IdsOrNullAsync(CancellationToken cancellation)
    {
        if (await FramesOrNullAsync(cancellation) is not { } frames) return null;
        var runs = frames.SelectMany(frame => Enumerable.Range(0, frame.Count).Select(row =>
            (Started: (DateTime?)frame["started_at"][row], Id: (string)frame["run_id"][row]!))).ToList();
        return runs.Exists(run => run.Started is null) ? null
            : [.. runs.OrderBy(run => run.Started).ThenBy(run => run.Id, StringComparer.Ordinal).Select(run => run.Id)];
    }

    async Task<IReadOnlyList<Frame>?> FramesOrNullAsync(CancellationToken cancellation)
    {
        if (!_index.Exists) return null;
        try
        {
            if (_index.FreshOrNull(Chain.Head(store)) is not { } segments) return null;
            var frames = new List<Frame>();
            foreach (var segment in segments) frames.Add(await RunsAsync(segment, cancellation));
            Forget(segments);
            return frames;
        }
        // A writer may replace segments while they are read; what is damaged is made again when the next writer opens the store.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return null;
        }
    }

    async Task<Frame> RunsAsync(Segment segment, CancellationToken cancellation)
    {
        if (_read.TryGetValue(segment.Name, out var known)) return known;
        var path = Path.Combine(_index.PathOf(segment), IndexTables.Runs.FileName);
        if (!Directory.Exists(_index.PathOf(segment))) throw new DirectoryNotFoundException(path);
        return _read[segment.Name] = File.Exists(path) ? await Frame.ReadAsync(path, Needed, cancellation) : new Frame(Needed);
    }

    void Forget(IReadOnlyList<Segment> current)
    {
        if (_read.Count <= current.Count) return;
        _read = new(current.Where(segment => _read.ContainsKey(segment.Name))
            .Select(segment => KeyValuePair.Create(segment.Name, _read[segment.Name])), StringComparer.Ordinal);
    }

    static void Select(Frame runs, ResultFilter filter, List<string> folders)
    {
        var state = filter.State is { } wanted ? Words.Of(wanted) : null;
        var (states, paths) = (runs["state"], runs["folder"]);
        (Values Column, string? Wanted)[] plain =
        [
            (runs["run_id"], filter.RunId), (runs["trial_id"], filter.TrialId), (states, state), (runs["session_id"], filter.Session),
            (runs["suite"], filter.Suite), (runs["protocol_id"], filter.Protocol),
        ];
        var (models, families) = (runs["model_id"], runs["model_family"]);
        plain = [.. plain.Where(condition => condition.Wanted is not null)];
        for (var row = 0; row < runs.Count; row++)
        {
            var passes = filter.Family is null || Is(models, row, filter.Family) || Is(families, row, filter.Family);
            foreach (var (column, value) in plain) passes &= Is(column, row, value!);
            if (passes || Is(states, row, Damaged)) folders.Add((string)paths[row]!);
        }
    }

    static bool Is(Values column, int row, string wanted) => (string?)column[row] == wanted;
}
