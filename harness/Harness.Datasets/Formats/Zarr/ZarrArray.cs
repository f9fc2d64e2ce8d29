using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>Opens Zarr v2 arrays.</summary>
public static class ZarrArray
{
    /// <param name="path">The array inside the store, e.g. <c>volumes/raw</c>.</param>
    /// <param name="cacheBytes">How many bytes of unpacked chunks may be kept.</param>
    /// <param name="owned">Whether disposing the array disposes the store.</param>
    /// <exception cref="DataFormatException">There is no such array, or its elements are not <typeparamref name="T"/>.</exception>
    public static ZarrArray<T> Open<T>(IKeyStore keys, string path, long cacheBytes = 64 << 20, bool owned = false) where T : unmanaged
    {
        var name = $"{keys.Name}/{path}";
        var json = keys.GetOrNull($"{path}/.zarray") ?? throw new DataFormatException(name, "it is not a Zarr v2 array: it has no .zarray");
        var header = ZarrHeader.Parse(json, name);
        return header.Type.Is<T>() ? new(keys, path, header, cacheBytes, owned)
            : throw new DataFormatException(name, $"its elements are {header.Type} where {NumpyType.Of<T>()} are expected");
    }
}

/// <summary>
/// A Zarr v2 array, read in boxes. A packed chunk is unpacked once and kept while the cache has room; of an unpacked one only the wanted
/// part is read. Absent chunks are the fill value, and chunks at the edge are stored whole. Not thread-safe.
/// </summary>
public sealed class ZarrArray<T> : IVolume<T> where T : unmanaged
{
    const int LeastDirectRead = 1 << 14;

    readonly IKeyStore _keys;
    readonly string _path;
    readonly ChunkCache _cache;
    readonly bool _owned;

    internal ZarrArray(IKeyStore keys, string path, ZarrHeader header, long cacheBytes, bool owned) =>
        (_keys, _path, Header, _cache, _owned) = (keys, path, header, new(cacheBytes), owned);

    public ZarrHeader Header { get; }
    public IReadOnlyList<int> Shape => Header.Shape;
    public IReadOnlyList<int> Chunk => Header.Chunks;

    /// <summary>The attributes of the array; empty where it has none.</summary>
    public JsonObject Attributes()
    {
        if (_keys.GetOrNull($"{_path}/.zattrs") is not { } json) return [];
        try
        {
            return JsonNode.Parse(json, documentOptions: ZarrHeader.Strict) as JsonObject
                ?? throw Wrong("its .zattrs is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new DataFormatException($"{_keys.Name}/{_path}", $"its .zattrs is not JSON ({error.Message})", error);
        }
    }

    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        var box = Box.Of(offset, size, Shape, target.Length);
        if (target.Length == 0) return;
        var axes = Shape.Count;
        var (first, last, chunk) = (new int[axes], new int[axes], new int[axes]);
        for (var axis = 0; axis < axes; axis++)
        {
            first[axis] = chunk[axis] = offset[axis] / Chunk[axis];
            last[axis] = (offset[axis] + size[axis] - 1) / Chunk[axis];
        }
        while (true)
        {
            Copy(chunk, box, MemoryMarshal.AsBytes(target));
            var turn = axes - 1;
            while (turn >= 0 && ++chunk[turn] > last[turn]) chunk[turn] = first[turn--];
            if (turn < 0) return;
        }
    }

    public void Dispose()
    {
        if (_owned) _keys.Dispose();
    }

    /// <summary>Copies what a chunk holds of the box.</summary>
    void Copy(int[] chunk, Box box, Span<byte> target)
    {
        var axes = Shape.Count;
        var (inChunk, inBox, size) = (new int[axes], new int[axes], new int[axes]);
        for (var axis = 0; axis < axes; axis++)
        {
            var start = chunk[axis] * Chunk[axis];
            var begin = Math.Max(start, box.Offset[axis]);
            (inChunk[axis], inBox[axis]) = (begin - start, begin - box.Offset[axis]);
            size[axis] = Math.Min(start + Chunk[axis], box.Offset[axis] + box.Size[axis]) - begin;
        }
        var key = $"{_path}/{Header.Key(chunk)}";
        var runs = new Runs(new(inChunk, size), Chunk, new(inBox, size), box.Size);
        if (Header.Codec is null && runs.RunLength * Header.Type.Size >= LeastDirectRead && !_cache.Has(key)
            && _keys.OpenOrNull(key) is { } file)
            using (file) ReadRuns(file, key, runs, target);
        else CopyRuns(Unpacked(key), runs, target);
    }

    void CopyRuns(byte[]? chunk, Runs runs, Span<byte> target)
    {
        var width = Header.Type.Size;
        foreach (var run in runs)
        {
            var part = target.Slice((int)(run.To * width), run.Count * width);
            if (chunk is null) Fill(part);
            else chunk.AsSpan((int)run.From * width, part.Length).CopyTo(part);
        }
    }

    void ReadRuns(FileStream chunk, string key, Runs runs, Span<byte> target)
    {
        var width = Header.Type.Size;
        if (chunk.Length != Header.ChunkBytes) throw Wrong(
            $"chunk {key} has {chunk.Length:N0} bytes where {Header.ChunkBytes:N0} are expected");
        foreach (var run in runs)
        {
            var part = target.Slice((int)(run.To * width), run.Count * width);
            for (var done = 0; done < part.Length;)
                done += RandomAccess.Read(chunk.SafeFileHandle, part[done..], run.From * width + done) is var count and > 0 ? count
                    : throw Wrong($"chunk {key} became shorter while it was read");
            Header.Type.ToNative(part);
        }
    }

    byte[]? Unpacked(string key)
    {
        if (_cache.TryGet(key, out var kept)) return kept;
        if (_keys.GetOrNull(key) is not { } packed) return null;
        var chunk = packed;
        if (Header.Codec is { } codec)
        {
            codec.Require(Header.ChunkBytes, packed.Length, $"{_keys.Name}/{key}");
            chunk = _cache.Rent(Header.ChunkBytes);
            codec.Decode(packed, chunk, $"{_keys.Name}/{key}");
        }
        else if (packed.Length != Header.ChunkBytes) throw Wrong(
            $"chunk {key} has {packed.Length:N0} bytes where {Header.ChunkBytes:N0} are expected");
        Header.Type.ToNative(chunk);
        _cache.Put(key, chunk);
        return chunk;
    }

    void Fill(Span<byte> row)
    {
        if (!Header.Fill.Span.ContainsAnyExcept((byte)0)) row.Clear();
        else
            for (var at = 0; at < row.Length; at += Header.Type.Size) Header.Fill.Span.CopyTo(row[at..]);
    }

    DataFormatException Wrong(string problem) => new($"{_keys.Name}/{_path}", problem);
}
