using Harness.Results.Indexing;
using Harness.Results.Storage;

namespace Harness.Results.Querying;

/// <summary>
/// The tables that answer a query: the segments of each store's index, and for what the index does not cover a temporary segment made
/// from the run folders. Nothing in a store is changed.
/// </summary>
sealed class Sources : IDisposable
{
    readonly List<DirectoryInfo> _temporary = [];
    readonly List<(string Store, string Segment)> _segments = [];

    public IReadOnlyList<string> Stores => [.. _segments.Select(segment => segment.Store).Distinct()];

    /// <summary>Folders that a query may read.</summary>
    public IEnumerable<string> Folders => _temporary.Select(folder => folder.FullName).Concat(Stores);

    /// <summary>The files of a table, with the stores they describe.</summary>
    public IReadOnlyList<string> Files(string table) =>
        [.. _segments.Select(segment => Path.Combine(segment.Segment, table)).Where(File.Exists)];

    public static async Task<Sources> OfAsync(IReadOnlyList<DirectoryInfo> stores, CancellationToken cancellation)
    {
        var sources = new Sources();
        foreach (var store in stores.DistinctBy(store => store.FullName)) await sources.AddAsync(store.FullName, cancellation);
        return sources;
    }

    public void Dispose()
    {
        foreach (var folder in _temporary) folder.Delete(recursive: true);
    }

    async Task AddAsync(string store, CancellationToken cancellation)
    {
        StoreFolder.CheckSchema(store);
        var index = new IndexFolder(store);
        if (index.FreshOrNull(Chain.Head(store)) is { } fresh)
        {
            _segments.AddRange(fresh.Select(segment => (store, index.PathOf(segment))));
            return;
        }
        var chain = await Chain.ReadAsync(store, cancellation);
        var covered = index.Row(chain);
        var last = covered.Count > 0 ? covered[^1].Last : 0;
        // Rows of a removed run can be anywhere in what is covered.
        if (chain.Lines.Skip((int)last).Any(line => line.Entry.Kind == ChainEntry.Removed)) (covered, last) = ([], 0);
        _segments.AddRange(covered.Select(segment => (store, index.PathOf(segment))));
        var tail = Directory.CreateTempSubdirectory("harness-query-");
        _temporary.Add(tail);
        await new IndexSource(store, chain).WriteAsync(last + 1, chain.Lines.Count, tail.FullName, cancellation);
        _segments.Add((store, tail.FullName));
    }
}
