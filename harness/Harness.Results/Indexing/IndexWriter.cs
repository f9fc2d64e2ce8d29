using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>
/// Keeps the index up to date with the chain. New lines become small segments, eight of a size are merged into one of the next size, and
/// every folder appears and disappears as a whole: whatever moment the process is stopped at, what is left fits together, and opening
/// the store again makes the rest. The index is derived, so none of it is flushed to the disk; what a power cut leaves short is found by
/// its ends and made again.
/// </summary>
sealed class IndexWriter
{
    const int Fan = 8;
    const int MostSegments = 4 * Fan;
    // Larger merges would be felt by an append; they wait until the store is opened again.
    const int LargestMergeOfAppend = Fan * Fan * Fan;

    readonly IndexFolder _index;
    readonly Chain _chain;
    readonly IndexSource _source;
    readonly Action<ResultProblem>? _problems;
    List<Segment> _row = [];
    bool _behind;

    IndexWriter(string store, Chain chain, Action<ResultProblem>? problems) =>
        (_index, _chain, _source, _problems) = (new(store), chain, new(store, chain), problems);

    /// <summary>Called after each step; tests stop the process here.</summary>
    internal Action<string>? Reached { get; set; }

    long Covered => _row.Count > 0 ? _row[^1].Last : 0;

    /// <summary>Removes what does not belong, then covers the lines of the chain that are not covered yet.</summary>
    public static async Task<IndexWriter> OpenAsync(string store, Chain chain, Action<ResultProblem>? problems,
        CancellationToken cancellation)
    {
        var writer = new IndexWriter(store, chain, problems);
        await writer.GuardAsync(() => writer.CatchUpAsync(cancellation));
        // What could not be read is not needed: the run folders hold everything.
        if (writer._behind) await writer.GuardAsync(() => writer.RebuildAsync(cancellation));
        return writer;
    }

    /// <summary>Covers the newest line of the chain. What it tells is derived: a failure is reported and leaves the index behind.</summary>
    public Task AddAsync(Action<IndexRows> add, CancellationToken cancellation) => _behind ? Task.CompletedTask : GuardAsync(async () =>
    {
        if (_chain.Lines[^1].Entry.Kind == ChainEntry.Removed)
        {
            await CompactAsync(cancellation);
            return;
        }
        var rows = new IndexRows();
        add(rows);
        await WriteAsync(Covering(Covered + 1), rows, [], cancellation);
        await MergeAsync(LargestMergeOfAppend, cancellation);
    });

    /// <summary>Turns the index into one segment. Its bytes depend only on the runs, the findings and the chain's last line.</summary>
    public async Task CompactAsync(CancellationToken cancellation)
    {
        if (_chain.Lines.Count == 0) return;
        if (await ReadOrNullAsync(_row, cancellation) is not { } rows)
        {
            await RebuildAsync(cancellation);
            return;
        }
        await _source.AddAsync(rows, Covered, _chain.Lines.Count, cancellation);
        await WriteAsync(Covering(1), rows, [.. _row], cancellation);
    }

    /// <summary>Makes the index again from the run folders alone.</summary>
    public async Task RebuildAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(_index.Root)) Directory.Delete(_index.Root, recursive: true);
        _row = [];
        _behind = false;
        await CompactAsync(cancellation);
    }

    async Task CatchUpAsync(CancellationToken cancellation)
    {
        Clean();
        if (Covered < _chain.Lines.Count) await CoverTailAsync(cancellation);
        if (_row.Count > MostSegments) await CompactAsync(cancellation);
    }

    async Task CoverTailAsync(CancellationToken cancellation)
    {
        // What was removed stands in an earlier segment, and only one that begins at the first line can do without it.
        if (_chain.Lines.Skip((int)Covered).Any(line => line.Entry.Kind == ChainEntry.Removed))
        {
            await CompactAsync(cancellation);
            return;
        }
        var rows = new IndexRows();
        await _source.AddAsync(rows, Covered, _chain.Lines.Count, cancellation);
        await WriteAsync(Covering(Covered + 1), rows, [], cancellation);
        await MergeAsync(int.MaxValue, cancellation);
    }

    async Task MergeAsync(long largest, CancellationToken cancellation)
    {
        while (Mergeable() is { Count: > 0 } group && group[^1].Last - group[0].First < largest)
            await WriteAsync(new(group[0].First, group[^1].Last, group[0].Before, group[^1].After),
                await ReadAsync(group, cancellation), group, cancellation);
    }

    // The newest segments of at most the same size class, once there are enough of them.
    List<Segment> Mergeable()
    {
        for (var size = Fan; size <= Covered * Fan; size *= Fan)
        {
            var group = Enumerable.Reverse(_row).TakeWhile(segment => segment.Lines < size).Reverse().ToList();
            if (group.Count >= Fan) return group;
        }
        return [];
    }

    // Whatever is wrong with a segment, the run folders hold all of it.
    async Task<IndexRows?> ReadOrNullAsync(IReadOnlyList<Segment> segments, CancellationToken cancellation)
    {
        try { return await ReadAsync(segments, cancellation); }
        catch (Exception error) when (error is not OperationCanceledException) { return null; }
    }

    async Task<IndexRows> ReadAsync(IReadOnlyList<Segment> segments, CancellationToken cancellation)
    {
        var rows = new IndexRows();
        foreach (var segment in segments) rows.AddAll(await IndexRows.ReadAsync(_index.PathOf(segment), cancellation));
        return rows;
    }

    async Task WriteAsync(Segment segment, IndexRows rows, IReadOnlyList<Segment> replaced, CancellationToken cancellation)
    {
        if (_row.Contains(segment)) return;
        var draft = Path.Combine(_index.Path, IndexFolder.Draft + segment.Name);
        Directory.CreateDirectory(draft);
        Reached?.Invoke("index draft");
        await rows.Settled(_source.Removed).WriteAsync(draft, cancellation);
        Reached?.Invoke("index written");
        Directory.Move(draft, _index.PathOf(segment));
        Reached?.Invoke("index renamed");
        _row = [.. _row.Except(replaced), segment];
        foreach (var old in replaced) Remove(_index.PathOf(old));
    }

    // A folder is renamed before it is deleted, so that no half-deleted one is ever taken for a segment.
    void Remove(string folder)
    {
        var doomed = Path.Combine(_index.Path, IndexFolder.Draft + Path.GetFileName(folder));
        Directory.Move(folder, doomed);
        Reached?.Invoke("index replaced");
        Directory.Delete(doomed, recursive: true);
    }

    void Clean()
    {
        if (!Directory.Exists(_index.Root)) return;
        foreach (var other in Directory.EnumerateDirectories(_index.Root).Where(other => other != _index.Path))
            Directory.Delete(other, recursive: true);
        _row = [.. _index.Row(_chain).TakeWhile(_index.IsWhole)];
        if (!_index.Exists) return;
        var kept = _row.Select(_index.PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var stray in Directory.EnumerateDirectories(_index.Path).Where(folder => !kept.Contains(folder)))
        {
            if (Path.GetFileName(stray).StartsWith(IndexFolder.Draft, StringComparison.Ordinal)) Directory.Delete(stray, recursive: true);
            else Remove(stray);
        }
    }

    // From a line to the newest one.
    Segment Covering(long first) => new(first, _chain.Lines.Count,
        first == 1 ? Segment.Root : Segment.Cut(_chain.Lines[(int)first - 2].Link), Segment.Cut(_chain.Lines[^1].Link));

    async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _behind = true;
            _problems?.Invoke(new(".", "index", $"it could not be brought up to date: {error.Message} Until it is, runs are looked up in "
                + "their folders. It is made again when the store is next opened for writing, or by 'harness index rebuild'."));
        }
    }
}
