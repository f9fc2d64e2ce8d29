namespace Harness.Datasets.Formats.Zarr;

/// <summary>The unpacked chunks used last, up to a number of bytes; at least one. Not thread-safe.</summary>
sealed class ChunkCache(long limit)
{
    readonly Dictionary<string, LinkedListNode<(string Key, byte[] Chunk)>> _places = [];
    readonly LinkedList<(string Key, byte[] Chunk)> _byUse = [];
    byte[]? _spare;
    long _bytes;

    public bool TryGet(string key, out byte[]? chunk)
    {
        chunk = null;
        if (!_places.TryGetValue(key, out var place)) return false;
        _byUse.Remove(place);
        _byUse.AddFirst(place);
        chunk = place.Value.Chunk;
        return true;
    }

    /// <summary>An array to unpack into: one that was dropped from the cache if its length fits.</summary>
    public byte[] Rent(int length)
    {
        while (_bytes + length > limit && _byUse.Last is { } oldest) Drop(oldest);
        var chunk = _spare?.Length == length ? _spare : GC.AllocateUninitializedArray<byte>(length);
        _spare = null;
        return chunk;
    }

    public void Put(string key, byte[] chunk)
    {
        while (_bytes + chunk.Length > limit && _byUse.Last is { } oldest) Drop(oldest);
        _places[key] = _byUse.AddFirst((key, chunk));
        _bytes += chunk.Length;
    }

    void Drop(LinkedListNode<(string Key, byte[] Chunk)> place)
    {
        _byUse.Remove(place);
        _places.Remove(place.Value.Key);
        _bytes -= place.Value.Chunk.Length;
        _spare = place.Value.Chunk;
    }
}
