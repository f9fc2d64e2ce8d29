namespace Harness.Testing;

/// <summary>A dataset that is held in memory, and counts who touches it.</summary>
/// <param name="samples">Every sample of every split; a split that is missing is empty.</param>
public sealed class InMemoryDataset<TSample>(string id, IReadOnlyDictionary<Split, IReadOnlyList<TSample>> samples) : IDataset<TSample>
{
    readonly Lock _gate = new();
    readonly Dictionary<Split, int> _reads = [];
    int _fetches;

    public DatasetCard Card { get; init; } = new(id, 1, id)
    {
        Licence = "none: made in memory", Citation = "none", Encoding = typeof(TSample).Name, SplitRule = "as given",
        Counts = samples.ToDictionary(split => split.Key, split => split.Value.Count),
    };

    /// <summary>What <see cref="FetchAsync"/> throws, if anything: a source that has failed.</summary>
    public Exception? Unavailable { get; init; }

    public int Fetches => _fetches;

    /// <summary>How often reading of a split was begun.</summary>
    public int Reads(Split split)
    {
        lock (_gate) return _reads.GetValueOrDefault(split);
    }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Unavailable is not null) return ValueTask.FromException(Unavailable);
        Interlocked.Increment(ref _fetches);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="DataUnavailableException">It was never fetched: a real dataset could not be read either.</exception>
    public IEnumerable<TSample> Read(DirectoryInfo cache, Split split)
    {
        if (_fetches == 0) throw new DataUnavailableException($"{Card.Protocol} was never fetched; call FetchAsync first.");
        lock (_gate) _reads[split] = _reads.GetValueOrDefault(split) + 1;
        return samples.GetValueOrDefault(split, []).Select(sample => sample);
    }
}
