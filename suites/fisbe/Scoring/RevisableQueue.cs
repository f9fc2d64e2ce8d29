namespace Suites.Fisbe.Scoring;

/// <summary>
/// A queue of keys whose priorities change while they wait. An entry holds if it carries the key's current version. Versions restart when a
/// key is popped or struck out, so an old entry can come to hold again: the official evaluator does so, and counts depend on it.
/// </summary>
sealed class RevisableQueue<TKey> where TKey : notnull
{
    const int StruckOut = -1;

    readonly PriorityQueue<(int Version, TKey Key), (double Priority, long Order)> _entries = new();
    readonly Dictionary<TKey, int> _versions = [];
    long _pushed;

    /// <summary>Adds the key or revises its priority; the lowest comes first, of equal ones the one pushed earlier.</summary>
    public void Push(TKey key, double priority)
    {
        var version = _versions.GetValueOrDefault(key) + 1;
        _versions[key] = version;
        _entries.Enqueue((version, key), (priority, _pushed++));
    }

    /// <summary>Makes the current entry of a waiting key void; does nothing for a key that does not wait.</summary>
    public void StrikeOut(TKey key)
    {
        if (_versions.ContainsKey(key)) _versions[key] = StruckOut;
    }

    public bool TryPop(out TKey key, out double priority)
    {
        while (_entries.TryDequeue(out var entry, out var order))
        {
            if (!_versions.TryGetValue(entry.Key, out var version) || version != entry.Version) continue;
            _versions.Remove(entry.Key);
            (key, priority) = (entry.Key, order.Priority);
            return true;
        }
        (key, priority) = (default!, 0);
        return false;
    }
}
