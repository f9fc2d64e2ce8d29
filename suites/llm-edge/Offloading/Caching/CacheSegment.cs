namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>How often something was looked for, and found.</summary>
sealed record SegmentUse(long Lookups, long Hits)
{
    public static SegmentUse None { get; } = new(0, 0);

    public static SegmentUse operator +(SegmentUse a, SegmentUse b) => new(a.Lookups + b.Lookups, a.Hits + b.Hits);
    public static SegmentUse operator -(SegmentUse a, SegmentUse b) => new(a.Lookups - b.Lookups, a.Hits - b.Hits);
}

/// <summary>Keeps entries within a budget of bytes; the one used longest ago leaves first.</summary>
sealed class CacheSegment(long budget)
{
    readonly Dictionary<long, LinkedListNode<(long Key, long Bytes)>> _entries = [];
    readonly LinkedList<(long Key, long Bytes)> _order = new();

    public long Budget => budget;
    public long Held { get; private set; }
    public int Count => _entries.Count;
    public SegmentUse Use { get; private set; } = SegmentUse.None;

    /// <summary>Looks for an entry, which counts as use of it.</summary>
    public bool Find(long key)
    {
        var found = _entries.TryGetValue(key, out var node);
        Use += new SegmentUse(1, found ? 1 : 0);
        if (!found) return false;
        _order.Remove(node!);
        _order.AddFirst(node!);
        return true;
    }

    /// <summary>Keeps what was just read; an entry larger than the whole budget is used and forgotten.</summary>
    /// <param name="left">Is told what leaves for it.</param>
    public void Keep(long key, long bytes, Action<long>? left = null)
    {
        if (bytes > budget || _entries.ContainsKey(key)) return;
        while (Held + bytes > budget)
        {
            var last = _order.Last!.Value;
            Remove(last.Key);
            left?.Invoke(last.Key);
        }
        _entries[key] = _order.AddFirst((key, bytes));
        Held += bytes;
    }

    public void Remove(long key)
    {
        if (!_entries.Remove(key, out var node)) return;
        _order.Remove(node);
        Held -= node.Value.Bytes;
    }

    public bool Holds(long key) => _entries.ContainsKey(key);
}
