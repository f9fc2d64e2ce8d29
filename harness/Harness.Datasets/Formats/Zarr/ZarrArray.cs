using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
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
    /// <param name="threads">How many chunks of a large box are read at a time; 0 is as many as there are processors.</param>
    /// <exception cref="DataFormatException">There is no such array, or its elements are not <typeparamref name="T"/>.</exception>
    public static ZarrArray<T> Open<T>(IKeyStore keys, string path, long cacheBytes = 64 << 20, bool owned = false, int threads = 0)
        where T : unmanaged
    {
        var name = $"{keys.Name}/{path}";
        var json = keys.GetOrNull($"{path}/.zarray") ?? throw new DataFormatException(name, "it is not a Zarr v2 array: it has no .zarray");
        var header = ZarrHeader.Parse(json, name);
        return header.Type.Is<T>() ? new(keys, path, header, new(cacheBytes), owned, threads)
            : throw new DataFormatException(name, $"its elements are {header.Type} where {NumpyType.Of<T>()} are expected");
    }
}

/// <summary>
/// A Zarr v2 array, read in boxes. A packed chunk is unpacked once and kept while the cache has room, or unpacked to where it is wanted if
/// it is wanted whole; of one that is not packed only the wanted part is read. Absent chunks are the fill value, and chunks at the edge are
/// stored whole. Not thread-safe, though it reads on several threads.
/// </summary>
public sealed class ZarrArray<T> : IVolume<T> where T : unmanaged
{
    const int LeastShared = 1 << 20; // bytes for which it is worth to wake another thread

    readonly IKeyStore _keys;
    readonly string _path;
    readonly ChunkCache _cache;
    readonly bool _owned;
    readonly ParallelOptions _threads;

    internal ZarrArray(IKeyStore keys, string path, ZarrHeader header, ChunkCache cache, bool owned, int threads)
    {
        (_keys, _path, Header, _cache, _owned) = (keys, path, header, cache, owned);
        _threads = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
    }

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

    public unsafe void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        var box = Box.Of(offset, size, Shape, target.Length);
        if (target.Length == 0) return;
        var bytes = MemoryMarshal.AsBytes(target);
        if (_threads.MaxDegreeOfParallelism == 1 || bytes.Length < LeastShared)
        {
            foreach (var chunk in Chunks(box)) Copy(chunk, box, bytes);
            return;
        }
        fixed (byte* first = bytes)
        {
            var (place, length) = ((nint)first, bytes.Length); // chunks fill parts of the target that have nothing in common
            try
            {
                var chunks = Partitioner.Create(Chunks(box), EnumerablePartitionerOptions.NoBuffering);
                Parallel.ForEach(chunks, _threads, chunk => Copy(chunk, box, new Span<byte>((byte*)place, length)));
            }
            catch (AggregateException errors)
            {
                ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
            }
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        if (_owned) _keys.Dispose();
    }

    /// <summary>The chunks that a box touches, by their numbers.</summary>
    IEnumerable<int[]> Chunks(Box box)
    {
        var first = box.Offset.Select((offset, axis) => offset / Chunk[axis]).ToArray();
        var chunk = first.ToArray();
        while (true)
        {
            yield return [.. chunk];
            var turn = chunk.Length - 1;
            while (turn >= 0 && ++chunk[turn] * (long)Chunk[turn] >= box.Offset[turn] + box.Size[turn]) chunk[turn] = first[turn--];
            if (turn < 0) yield break;
        }
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
            size[axis] = (int)Math.Min(start + (long)Chunk[axis], box.Offset[axis] + box.Size[axis]) - begin;
        }
        var key = $"{_path}/{Header.Key(chunk)}";
        var runs = new Runs(new(inChunk, size), Chunk, new(inBox, size), box.Size);
        if (_cache.TakeOrNull(key) is { } kept) CopyKept(kept, runs, target);
        else if (_keys.OpenOrNull(key) is { } file)
            using (file)
            {
                if (Header.Codec is null)
                    new PlainChunk(file.SafeFileHandle, Header.Type, Header.ChunkBytes / Header.Type.Size, Name(key)).Read(runs, target);
                else CopyFile(key, file, runs, target);
            }
        else if (_keys.GetOrNull(key) is { } content) CopyContent(key, content, runs, target);
        else Fill(runs, target);
    }

    void CopyFile(string key, FileStream file, Runs runs, Span<byte> target)
    {
        var content = ArrayPool<byte>.Shared.Rent(checked((int)file.Length));
        try
        {
            var packed = new ArraySegment<byte>(content, 0, (int)file.Length);
            file.ReadExactly(packed);
            CopyContent(key, packed, runs, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    void CopyContent(string key, ArraySegment<byte> packed, Runs runs, Span<byte> target)
    {
        var length = Header.ChunkBytes;
        if (runs.IsOne && runs.Current is var whole && whole.Count * Header.Type.Size == length)
        {
            Unpack(key, packed, target.Slice((int)(whole.To * Header.Type.Size), length));
            return;
        }
        Header.Codec?.Require(length, packed.Count, Name(key)); // before memory is taken
        var chunk = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Unpack(key, packed, chunk.AsSpan(0, length));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(chunk);
            throw;
        }
        CopyKept(_cache.Put(key, chunk), runs, target);
    }

    void CopyKept(ChunkCache.Kept chunk, Runs runs, Span<byte> target)
    {
        foreach (var rows in runs) rows.Copy<byte>(chunk.Content, 0, target, Header.Type.Size);
        _cache.Release(chunk);
    }

    void Unpack(string key, ArraySegment<byte> packed, Span<byte> plain)
    {
        if (Header.Codec is { } codec) codec.Decode(packed, plain, Name(key));
        else if (packed.Count == plain.Length) packed.AsSpan().CopyTo(plain);
        else throw new DataFormatException(Name(key), $"it has {packed.Count:N0} bytes where {plain.Length:N0} are expected");
        Header.Type.ToNative(plain);
    }

    void Fill(Runs runs, Span<byte> target)
    {
        var isZero = !Header.Fill.Span.ContainsAnyExcept((byte)0);
        foreach (var rows in runs)
            for (var row = 0; row < rows.Number; row++)
            {
                var part = MemoryMarshal.Cast<byte, T>(target).Slice((int)(rows.To + row * rows.ToStep), rows.Count);
                if (isZero) part.Clear();
                else part.Fill(MemoryMarshal.Read<T>(Header.Fill.Span));
            }
    }

    string Name(string key) => $"{_keys.Name}/{key}";

    DataFormatException Wrong(string problem) => new($"{_keys.Name}/{_path}", problem);
}
