using System.Buffers;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>
/// The unpacked chunks used last, up to a number of bytes; at least one. Their arrays come from the shared pool and go back when nobody
/// reads them any more. Thread-safe, but no chunk may be put by two threads.
/// </summary>
sealed class ChunkCache(long limit) : IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<string, LinkedListNode<Kept>> _places = [];
    readonly LinkedList<Kept> _byUse = [];
    long _bytes;

    /// <summary>The chunk of a key, to be released; null where it is not kept.</summary>
    public Kept? TakeOrNull(string key)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(key, out var place)) return null;
            _byUse.Remove(place);
            _byUse.AddFirst(place);
            place.Value.Users++;
            return place.Value;
        }
    }

    /// <summary>Keeps a chunk, whose array was rented from the shared pool; to be released.</summary>
    public Kept Put(string key, byte[] chunk)
    {
        lock (_gate)
        {
            while (_bytes + chunk.Length > limit && _byUse.Last is { } oldest) Drop(oldest);
            var kept = new Kept(key, chunk) { Users = 1 };
            _places[key] = _byUse.AddFirst(kept);
            _bytes += chunk.Length;
            return kept;
        }
    }

    public void Release(Kept chunk)
    {
        lock (_gate)
            if (--chunk.Users == 0 && chunk.IsDropped) ArrayPool<byte>.Shared.Return(chunk.Content);
    }

    public void Dispose()
    {
        lock (_gate)
            while (_byUse.Last is { } oldest) Drop(oldest);
    }

    void Drop(LinkedListNode<Kept> place)
    {
        var chunk = place.Value;
        _byUse.Remove(place);
        _places.Remove(chunk.Key);
        _bytes -= chunk.Content.Length;
        chunk.IsDropped = true;
        if (chunk.Users == 0) ArrayPool<byte>.Shared.Return(chunk.Content);
    }

    /// <param name="content">At least as long as the chunk.</param>
    public sealed class Kept(string key, byte[] content)
    {
        public string Key => key;
        public byte[] Content => content;
        public int Users { get; set; }
        public bool IsDropped { get; set; }
    }
}
