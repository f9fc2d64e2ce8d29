namespace Harness.Datasets.Formats;

/// <summary>How the chunks of an HDF5 dataset are found; all but the first as layouts of version 4 number them.</summary>
enum Hdf5ChunkIndex { Tree, Single, Implicit, FixedArray, ExtensibleArray, SecondTree }

/// <param name="Axes">Of the dataset, and one more for the bytes of an element.</param>
/// <param name="Bytes">Of one chunk, unpacked.</param>
sealed record Hdf5Chunks(Hdf5ChunkIndex Kind, ulong Index, int Axes, UInt128 Bytes);

/// <summary>Where the values of a dataset lie: in so many bytes of the file, or in chunks.</summary>
sealed record Hdf5Layout(UInt128 Bytes, Hdf5Chunks? Chunks = null);

/// <summary>The checks of one message of an HDF5 object header, which ends at <paramref name="end"/> (specification, IV.A.2).</summary>
sealed class Hdf5Message(BinaryContent content, long end)
{
    const int MostAxes = 32;
    const int Sequence = 9; // the class of types of varying length

    long Left => end - content.Position;

    /// <summary>A dataspace: how many elements there are.</summary>
    public UInt128 Elements()
    {
        var (version, axes, flags) = (content.Byte(), content.Byte(), content.Byte());
        if (version is < 1 or > 2 || axes > MostAxes) throw content.Wrong($"a dataspace of version {version} has {axes} axes");
        content.Skip(version == 1 ? 5 : 1);
        Fits(8UL * axes * ((flags & 1) != 0 ? 2UL : 1), "a dataspace");
        UInt128 count = 1;
        for (var axis = 0; axis < axes; axis++) count = Clamped(count * content.UInt64());
        return count;
    }

    /// <summary>A datatype: the bytes of an element.</summary>
    public uint TypeBytes(out bool isSequence)
    {
        isSequence = (content.Byte() & 0x0F) == Sequence;
        content.Skip(3);
        var bytes = content.UInt32();
        if (bytes > content.Length) throw content.Wrong($"a type claims {bytes} bytes, more than the file has");
        if (isSequence) SequenceOf(bytes);
        return bytes;
    }

    // PureHDF tells nothing of the byte order of what a sequence is made of.
    void SequenceOf(uint bytes)
    {
        if (bytes != Hdf5Heaps.ReferenceBytes) throw content.Wrong($"references to sequences have {bytes} bytes; read are 16");
        var (kind, bits) = (content.Byte() & 0x0F, content.Byte());
        if (kind <= 1 && (bits & 1) != 0) throw content.Wrong("sequences of big-endian numbers are not read");
    }

    public void FillValue(bool isOld)
    {
        if (!isOld)
        {
            var version = content.Byte();
            if (version is < 1 or > 3) throw content.Wrong($"a fill value has version {version}");
            if (version == 3 && (content.Byte() & 0x20) == 0) return;
            if (version < 3)
            {
                content.Skip(2);
                if (content.Byte() == 0 && version == 2) return;
            }
        }
        Fits(content.UInt32(), "a fill value");
    }

    /// <summary>A link: the address of what it leads to in this file, if it does.</summary>
    public ulong? LinkedOrNull()
    {
        var (_, flags) = (content.Byte(), content.Byte());
        var kind = (flags & 0x08) != 0 ? content.Byte() : 0;
        content.Skip(((flags & 0x04) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        var name = content.Unsigned(1 << (flags & 3));
        Fits(name, "the name of a link");
        content.Skip((int)name);
        if (kind == 0) return content.UInt64();
        Fits(content.UInt16(), "a link");
        return null;
    }

    /// <summary>Where the values of a dataset lie.</summary>
    public Hdf5Layout Layout()
    {
        var version = content.Byte();
        return version switch
        {
            1 or 2 => FirstLayout(),
            3 or 4 => Layout(version),
            _ => throw content.Wrong($"a layout has version {version}; read are 1 to 4"),
        };
    }

    // What lies in one piece does not state its bytes here, so that all of the file may be them.
    Hdf5Layout FirstLayout()
    {
        var (axes, kind) = (content.Byte(), content.Byte());
        content.Skip(5);
        if (axes > MostAxes + 1) throw content.Wrong($"a layout has {axes} axes");
        var address = kind == 0 ? 0 : content.UInt64();
        if (kind == 2) return new(0, new(Hdf5ChunkIndex.Tree, address, axes, ChunkBytes(axes, width: 4)));
        content.Skip(4 * axes);
        if (kind == 0) return new(Compact(content.UInt32()));
        return new(address == ulong.MaxValue ? 0 : (UInt128)content.Length);
    }

    Hdf5Layout Layout(int version)
    {
        var kind = content.Byte();
        if (kind == 0) return new(Compact(content.UInt16()));
        if (kind == 1) return new(Contiguous(content.UInt64(), content.UInt64()));
        if (kind != 2) throw content.Wrong($"a layout is of kind {kind}; read are compact, contiguous and chunked");
        if (version == 3)
        {
            var axes = content.Byte();
            var address = content.UInt64();
            return new(0, new(Hdf5ChunkIndex.Tree, address, axes, ChunkBytes(axes, width: 4)));
        }
        var flags = content.Byte();
        var (count, width) = (content.Byte(), content.Byte());
        if (width is < 1 or > 8) throw content.Wrong($"a layout has lengths of {width} bytes");
        var bytes = ChunkBytes(count, width);
        var index = content.Byte();
        content.Skip(index switch { 1 => (flags & 2) != 0 ? 12 : 0, 3 => 1, 4 => 5, 5 => 6, _ => 0 });
        if (index is < 1 or > 5) throw content.Wrong($"an index of chunks is of kind {index}; read are 1 to 5");
        return new(0, new((Hdf5ChunkIndex)index, content.UInt64(), count, bytes));
    }

    UInt128 Compact(uint length)
    {
        Fits(length, "a compact dataset");
        return length;
    }

    UInt128 Contiguous(ulong address, ulong length)
    {
        if (address == ulong.MaxValue) return 0; // nothing was written yet
        if (address > (ulong)content.Length || length > (ulong)content.Length - address)
            throw content.Wrong($"a dataset claims {length} bytes at {address}, more than the file has");
        return length;
    }

    // The last axis is the bytes of an element.
    UInt128 ChunkBytes(int axes, int width)
    {
        if (axes is < 1 or > MostAxes + 1) throw content.Wrong($"a layout has {axes} axes");
        UInt128 bytes = 1;
        for (var axis = 0; axis < axes; axis++) bytes = Clamped(bytes * content.Unsigned(width));
        if (bytes == 0 || bytes > (UInt128)content.Length * Deflate.MostRatio)
            throw content.Wrong($"a chunk claims {bytes} bytes, which {content.Length:N0} bytes cannot hold");
        return bytes;
    }

    public void Filters()
    {
        var (version, count) = (content.Byte(), content.Byte());
        if (version is < 1 or > 2 || count > MostAxes) throw content.Wrong($"a pipeline of version {version} has {count} filters");
        if (version == 1) content.Skip(6);
        for (var filter = 0; filter < count; filter++)
        {
            var id = content.UInt16();
            var name = version == 1 || id >= 256 ? content.UInt16() : 0;
            content.Skip(2);
            var values = content.UInt16();
            var bytes = (version == 1 ? (name + 7) / 8 * 8 : name) + 4 * (values + (version == 1 ? values % 2 : 0));
            Fits((ulong)bytes, "a filter");
            content.Skip(bytes);
        }
    }

    public void Attribute()
    {
        var version = content.Byte();
        if (version is < 1 or > 3) throw content.Wrong($"an attribute has version {version}");
        content.Skip(1);
        var (name, type, space) = (Padded(content.UInt16(), version), Padded(content.UInt16(), version), Padded(content.UInt16(), version));
        if (version == 3) content.Skip(1);
        Fits((ulong)name + (ulong)type + (ulong)space, "an attribute");
        content.Skip(name);
        var start = content.Position;
        var bytes = new Hdf5Message(content, start + type).TypeBytes(out _);
        content.MoveTo((ulong)(start + type), "an attribute");
        var elements = new Hdf5Message(content, start + type + space).Elements();
        content.MoveTo((ulong)(start + type + space), "an attribute");
        if (elements * bytes > (UInt128)Left)
            throw content.Wrong($"an attribute claims {elements} values of {bytes} bytes, more than it has");
    }

    static int Padded(int bytes, int version) => version == 1 ? (bytes + 7) / 8 * 8 : bytes;

    static UInt128 Clamped(UInt128 count) => UInt128.Min(count, ulong.MaxValue);

    void Fits(ulong bytes, string what)
    {
        if (Left < 0 || bytes > (ulong)Left) throw content.Wrong($"{what} claims {bytes} bytes, more than its message has");
    }
}
