using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>Writes Zarr v2 arrays into a folder, chunk by chunk from a volume, so that memory is bounded by one chunk.</summary>
public static class ZarrWriter
{
    /// <param name="path">The array below the folder, e.g. <c>volumes/raw</c>; groups on the way are created.</param>
    /// <param name="codec">Null stores chunks as they are.</param>
    public static void Write<T>(DirectoryInfo folder, string path, IVolume<T> volume, IReadOnlyList<int> chunks, ZarrCodec? codec,
        JsonObject? attributes = null, char separator = '.') where T : unmanaged
    {
        var header = new ZarrHeader(volume.Shape, chunks, NumpyType.Of<T>(), codec, new byte[NumpyType.Of<T>().Size], separator);
        var target = folder.CreateSubdirectory(path);
        for (var group = target.Parent!; ; group = group.Parent!)
        {
            File.WriteAllText(Path.Combine(group.FullName, ".zgroup"), "{\n    \"zarr_format\": 2\n}");
            if (group.FullName == folder.FullName) break;
        }
        File.WriteAllBytes(Path.Combine(target.FullName, ".zarray"), header.Write());
        if (attributes is not null) File.WriteAllBytes(Path.Combine(target.FullName, ".zattrs"),
            JsonSerializer.SerializeToUtf8Bytes(attributes));
        var (chunk, buffer) = (new int[chunks.Count], new byte[header.ChunkBytes]);
        while (true)
        {
            WriteChunk(target, volume, header, chunk, buffer);
            var turn = chunk.Length - 1;
            while (turn >= 0 && ++chunk[turn] * (long)chunks[turn] >= volume.Shape[turn]) chunk[turn--] = 0;
            if (turn < 0) return;
        }
    }

    static void WriteChunk<T>(DirectoryInfo target, IVolume<T> volume, ZarrHeader header, int[] chunk, byte[] buffer) where T : unmanaged
    {
        var (offset, size) = (new int[chunk.Length], new int[chunk.Length]);
        for (var axis = 0; axis < chunk.Length; axis++)
        {
            offset[axis] = chunk[axis] * header.Chunks[axis];
            size[axis] = Math.Min(header.Chunks[axis], header.Shape[axis] - offset[axis]);
        }
        var values = new T[size.Aggregate(1, (product, length) => product * length)];
        volume.Read(offset, size, values);
        Array.Clear(buffer);
        var width = header.Type.Size;
        var box = new Box(new int[size.Length], size);
        foreach (var rows in new Runs(box, size, box, header.Chunks))
            rows.Copy<byte>(MemoryMarshal.AsBytes(values.AsSpan()), 0, buffer, width);
        if (!buffer.AsSpan().ContainsAnyExcept((byte)0)) return; // an absent chunk is the fill value
        var file = Path.Combine(target.FullName, header.Key(chunk));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, header.Codec is { } codec ? codec.Encode(buffer) : buffer);
    }
}
