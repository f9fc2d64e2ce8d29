using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>Makes rows of the index from what is stored.</summary>
sealed class IndexSource(string store, Chain chain)
{
    // Runs are read by several threads, a batch at a time, so that memory holds a batch of records and not all.
    const int Batch = 512;

    /// <summary>Runs that were deleted on purpose.</summary>
    public IReadOnlySet<string> Removed => chain.Removed;

    /// <summary>Writes what a segment of these lines holds.</summary>
    public async Task WriteAsync(long first, long last, string folder, CancellationToken cancellation)
    {
        var rows = new IndexRows();
        await AddAsync(rows, first - 1, last, cancellation);
        await rows.Settled(Removed).WriteAsync(folder, cancellation);
    }

    /// <summary>Adds what the lines after <paramref name="covered"/> up to <paramref name="last"/> stored.</summary>
    public async Task AddAsync(IndexRows rows, long covered, long last, CancellationToken cancellation)
    {
        var entries = chain.Lines.Take((int)last).Skip((int)covered).Select(line => line.Entry)
            .Where(entry => entry.Kind is null ? !Removed.Contains(entry.RunId) : FindingFile.IsKind(entry.Kind));
        foreach (var batch in entries.Chunk(Batch))
        {
            var read = new Action<IndexRows>?[batch.Length];
            await Parallel.ForAsync(0, batch.Length, cancellation, async (at, token) => read[at] = await ReadAsync(batch[at], token));
            foreach (var add in read) add?.Invoke(rows);
        }
    }

    async Task<Action<IndexRows>?> ReadAsync(ChainEntry entry, CancellationToken cancellation)
    {
        var folder = new RunFolder(store, entry.Folder);
        if (entry.Kind is null && !folder.Exists) return null;
        try
        {
            if (entry.Kind is not null)
            {
                var finding = await FindingFile.ReadAsync(store, entry, cancellation);
                return rows => FindingRows.Add(rows, finding);
            }
            var run = await folder.ReadAsync(detail: false, cancellation);
            return rows => RunRows.Add(rows, run, entry);
        }
        catch (ResultDamagedException)
        {
            return entry.Kind is null ? rows => RunRows.AddDamaged(rows, entry) : null;
        }
    }
}
