using System.Buffers.Binary;

namespace Harness.Datasets.Formats;

/// <summary>
/// Checks the lengths inside the global heaps of an HDF5 file (where sequences of varying length lie) before PureHDF, which allocates
/// whatever a length asks for, follows them (HDF5 file format specification, version 3, III.E).
/// </summary>
static class Hdf5GlobalHeaps
{
    const int HeapHeader = 16;
    const int ObjectHeader = 16;
    const int Window = 1 << 20;

    static ReadOnlySpan<byte> Signature => "GCOL"u8;

    /// <exception cref="DataFormatException">A heap or an object in it is longer than what holds it.</exception>
    public static void Check(Stream content, string name)
    {
        var buffer = new byte[Window + HeapHeader];
        for (var start = 0L; start < content.Length; start += Window)
        {
            content.Position = start;
            var count = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var window = buffer.AsSpan(0, count);
            for (var at = 0; window[at..].IndexOf(Signature) is var found and >= 0; at++)
            {
                at += found;
                if (at >= Window) break; // belongs to the next window
                if (start + at + HeapHeader <= content.Length) CheckHeap(content, start + at, name);
            }
        }
        content.Position = 0;
    }

    static void CheckHeap(Stream content, long heap, string name)
    {
        Span<byte> header = stackalloc byte[HeapHeader];
        content.Position = heap;
        content.ReadExactly(header);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (header[4] != 1 || size > (ulong)(content.Length - heap))
        {
            // Four bytes of data may look like a signature by chance; but a heap that PureHDF would follow must not be that long.
            if (header[4] != 1 || heap % 8 != 0) return;
            throw new DataFormatException(name, $"a global heap at byte {heap} claims {size} bytes, more than the file has");
        }
        var end = heap + (long)size;
        for (var at = heap + HeapHeader; at + ObjectHeader <= end;)
        {
            content.Position = at;
            content.ReadExactly(header);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(header) == 0) return; // index 0: the free space that ends a heap
            if (length > (ulong)(end - at - ObjectHeader))
                throw new DataFormatException(name,
                    $"an object in the global heap at byte {heap} claims {length} bytes, more than the heap has");
            at += ObjectHeader + (long)((length + 7) / 8 * 8);
        }
    }
}
