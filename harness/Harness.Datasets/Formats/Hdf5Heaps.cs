namespace Harness.Datasets.Formats;

/// <summary>
/// Sequences of varying length, which lie in global heaps (HDF5 file format specification, version 3, III.E). They are read here and not by
/// PureHDF, which allocates whatever the length of a sequence asks for before it looks at the heap.
/// </summary>
sealed class Hdf5Heaps(Stream stream, string name)
{
    /// <summary>Bytes of an element: how many items there are (4), address of the heap (8), index of the object in it (4).</summary>
    public const int ReferenceBytes = 16;

    const int Header = 16; // of a heap, and of an object in it

    readonly BinaryContent _content = new(stream, name);
    readonly HashSet<ulong> _heaps = [];
    readonly Dictionary<(ulong Heap, ushort Index), (long At, ulong Bytes)> _objects = [];
    ulong _walked;

    /// <summary>The bytes of each sequence that <paramref name="references"/> name; no more together than the file has.</summary>
    /// <param name="itemBytes">Of one item of a sequence.</param>
    /// <exception cref="DataFormatException">A sequence is longer than its object, or heaps lie in each other.</exception>
    public byte[][] Read(ReadOnlySpan<byte> references, int itemBytes)
    {
        var (sequences, left) = (new byte[references.Length / ReferenceBytes][], (ulong)_content.Length);
        for (var i = 0; i < sequences.Length; i++)
        {
            var reference = references[(ReferenceBytes * i)..];
            var bytes = BitConverter.ToUInt32(reference) * (ulong)itemBytes;
            if (bytes > left) throw _content.Wrong("its sequences are longer together than the file");
            left -= bytes;
            sequences[i] = bytes == 0 ? [] : Object(BitConverter.ToUInt64(reference[4..]), BitConverter.ToUInt32(reference[12..]), bytes);
        }
        return sequences;
    }

    byte[] Object(ulong heap, uint index, ulong bytes)
    {
        if (_heaps.Add(heap)) Walk(heap);
        if (index > ushort.MaxValue || !_objects.TryGetValue((heap, (ushort)index), out var found))
            throw _content.Wrong($"the global heap at byte {heap} has no object {index}");
        if (bytes > found.Bytes)
            throw _content.Wrong(
                $"a sequence claims {bytes} bytes of object {index} of the global heap at byte {heap}, which has {found.Bytes}");
        _content.MoveTo((ulong)found.At, "a sequence");
        return _content.Bytes(bytes, "a sequence");
    }

    void Walk(ulong heap)
    {
        _content.MoveTo(heap, "a global heap");
        _content.Expect("GCOL"u8, "a global heap");
        if (_content.Byte() is not 1 and var version) throw _content.Wrong($"a global heap has version {version}; read is 1");
        _content.Skip(3);
        var size = _content.UInt64();
        if (size < Header || size - Header > (ulong)_content.Left)
            throw _content.Wrong($"a global heap claims {size} bytes, more than the file has");
        if ((_walked += size) > (ulong)_content.Length) throw _content.Wrong("its global heaps lie in each other");
        var end = _content.Position + (long)size - Header;
        while (end - _content.Position >= Header)
        {
            var index = _content.UInt16();
            _content.Skip(6);
            var length = _content.UInt64();
            if (index == 0) return; // the free space that ends a heap
            if (length > (ulong)(end - _content.Position))
                throw _content.Wrong($"an object in the global heap at byte {heap} claims {length} bytes, more than the heap has");
            _objects[(heap, index)] = (_content.Position, length);
            _content.MoveTo((ulong)_content.Position + (length + 7) / 8 * 8, "an object in a global heap");
        }
    }
}
