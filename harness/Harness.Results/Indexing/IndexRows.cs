namespace Harness.Results.Indexing;

/// <summary>Rows of every table. What it becomes depends only on which rows it holds, not on how they came together.</summary>
sealed class IndexRows
{
    readonly Dictionary<string, Frame> _frames =
        IndexTables.All.ToDictionary(table => table.Name, table => new Frame(table), StringComparer.Ordinal);

    public Frame this[IndexTable table] => _frames[table.Name];

    public void AddAll(IndexRows other)
    {
        foreach (var frame in _frames.Values) frame.AddAll(other[frame.Table]);
    }

    /// <summary>Without the runs of <paramref name="removed"/>, sorted, and with shared things named once.</summary>
    public IndexRows Settled(IReadOnlySet<string> removed)
    {
        var settled = new IndexRows();
        foreach (var frame in _frames.Values)
            settled._frames[frame.Table.Name] = frame.Table.Content is null ? Without(frame, removed).Sorted() : frame;
        foreach (var table in IndexTables.All.Where(table => table.Content is not null))
            settled._frames[table.Name] = Shared(settled[table], settled[IndexTables.Runs]).Sorted();
        return settled;
    }

    /// <summary>Writes the tables that have rows.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        foreach (var frame in _frames.Values.Where(frame => frame.Count > 0))
            await frame.WriteAsync(Path.Combine(folder, frame.Table.FileName), cancellation);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    public static async Task<IndexRows> ReadAsync(string folder, CancellationToken cancellation)
    {
        var rows = new IndexRows();
        foreach (var table in IndexTables.All)
            if (Path.Combine(folder, table.FileName) is var path && File.Exists(path))
                rows._frames[table.Name] = await Frame.ReadAsync(path, table, cancellation);
        return rows;
    }

    static Frame Without(Frame frame, IReadOnlySet<string> removed)
    {
        if (removed.Count == 0 || frame.Table.Columns.All(column => column.Name != "run_id")) return frame;
        var runs = frame["run_id"];
        return frame.Where(row => !removed.Contains((string)runs[row]!));
    }

    // When and how often a thing was seen is counted over the runs that remain.
    static Frame Shared(Frame contents, Frame runs)
    {
        var seen = Seen(runs[contents.Table.Content!], runs["started_at"]);
        var names = contents[contents.Table.Content!];
        var named = new HashSet<string>(StringComparer.Ordinal);
        var shared = contents.Where(row => names[row] is string name && seen.ContainsKey(name) && named.Add(name));
        for (var row = 0; row < shared.Count; row++)
        {
            var (first, last, count) = seen[(string)shared[contents.Table.Content!][row]!];
            shared["valid_from"][row] = first;
            shared["last_seen"][row] = last;
            shared["runs"][row] = count;
        }
        return shared;
    }

    static Dictionary<string, (DateTime First, DateTime Last, long Count)> Seen(Values names, Values times)
    {
        var seen = new Dictionary<string, (DateTime First, DateTime Last, long Count)>(StringComparer.Ordinal);
        for (var row = 0; row < names.Count; row++)
        {
            if (names[row] is not string name || times[row] is not DateTime time) continue;
            seen[name] = seen.TryGetValue(name, out var known)
                ? (time < known.First ? time : known.First, time > known.Last ? time : known.Last, known.Count + 1) : (time, time, 1);
        }
        return seen;
    }
}
