namespace Harness.Datasets.Formats;

/// <summary>
/// Walks through the metadata of an HDF5 file (superblock, object headers, groups, chunk indices) and compares every length, count and
/// address with what holds it, before PureHDF, which allocates whatever a length asks for, follows them (HDF5 file format specification,
/// version 3). What is not walked are links and attributes in fractal heaps, which files have whose groups hold many of them.
/// </summary>
sealed class Hdf5Structure
{
    const ulong Undefined = ulong.MaxValue;
    const int MostObjects = 100_000;
    const int Wide = 8; // bytes of an address and of a length

    // A dataset of which little was written yet claims more than the file stores of it; what was not written takes memory all the same.
    const int MostUnwritten = 16;
    const int FreeBytes = 1 << 20;

    readonly BinaryContent _content;
    readonly HashSet<ulong> _seen = [];
    readonly SortedSet<long> _sequences = [];

    Hdf5Structure(Stream content, string name) => _content = new(content, name);

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Where datatypes state that they are sequences of varying length.</summary>
    /// <exception cref="DataFormatException">Not HDF5, or something claims more than there is.</exception>
    public static IReadOnlyList<long> Check(Stream content, string name)
    {
        var structure = new Hdf5Structure(content, name);
        content.Position = 0;
        structure.Superblock();
        content.Position = 0;
        return [.. structure._sequences];
    }

    void Superblock()
    {
        if (_content.Left < 16 || !_content.Bytes(8, "the signature").AsSpan().SequenceEqual(Signature))
            throw _content.Wrong("it does not begin as HDF5");
        var version = _content.Byte();
        if (version > 3) throw _content.Wrong($"its superblock has version {version}; read are 0 to 3");
        if (version < 2) _content.Skip(4);
        var (addresses, lengths) = (_content.Byte(), _content.Byte());
        if (addresses != Wide || lengths != Wide)
            throw _content.Wrong($"its addresses have {addresses} bytes and its lengths {lengths}; read are {Wide}");
        if (version < 2)
        {
            _content.Skip(version == 0 ? 9 : 13);
            Base();
            _content.Skip(4 * Wide);
            Header(_content.UInt64());
            return;
        }
        _content.Skip(1);
        Base();
        var extension = _content.UInt64();
        _content.Skip(Wide);
        var root = _content.UInt64();
        if (extension != Undefined) Header(extension);
        Header(root);
    }

    void Base()
    {
        if (_content.UInt64() is not 0 and var start) throw _content.Wrong($"it begins at byte {start}; read are files that begin at 0");
    }

    /// <summary>One object: a group or a dataset. Each is walked once, whatever leads to it.</summary>
    void Header(ulong address)
    {
        if (!IsNew(address)) return;
        var claim = new Claim();
        Messages(address, claim);
        if (claim.Bytes > MostUnwritten * claim.Stored + FreeBytes)
            throw _content.Wrong($"the dataset at byte {address} claims {claim.Bytes} bytes, but {claim.Stored} are stored of it");
    }

    void Messages(ulong address, Claim claim)
    {
        _content.MoveTo(address, "an object header");
        if (_content.Byte() == 1)
        {
            _content.Skip(7);
            var length = _content.UInt32();
            _content.Skip(4);
            Messages(length, isFirstVersion: true, hasOrder: false, claim);
            return;
        }
        _content.MoveTo(address, "an object header");
        _content.Expect("OHDR"u8, "an object header");
        var (_, flags) = (_content.Byte(), _content.Byte());
        if ((flags & 0x20) != 0) _content.Skip(16);
        if ((flags & 0x10) != 0) _content.Skip(4);
        Messages(_content.Unsigned(1 << (flags & 3)), isFirstVersion: false, (flags & 0x04) != 0, claim);
    }

    void Messages(ulong length, bool isFirstVersion, bool hasOrder, Claim claim)
    {
        var end = _content.End(length, "an object header");
        var head = isFirstVersion ? 8 : hasOrder ? 6 : 4;
        while (_content.Position + head <= end)
        {
            var type = isFirstVersion ? _content.UInt16() : _content.Byte();
            var (size, flags) = (_content.UInt16(), _content.Byte());
            _content.Skip(head - (isFirstVersion ? 5 : 4));
            var next = _content.Position + size;
            if (next > end) throw _content.Wrong($"a message of type {type} claims {size} bytes, more than its header has");
            if ((flags & 0x02) != 0) throw _content.Wrong($"a message of type {type} is shared, which is not read");
            Message(type, next, isFirstVersion, hasOrder, claim);
            _content.MoveTo((ulong)next, "a message");
        }
    }

    void Message(int type, long end, bool isFirstVersion, bool hasOrder, Claim claim)
    {
        var message = new Hdf5Message(_content, end);
        switch (type)
        {
            case 0x01: claim.Elements = message.Elements(); break;
            case 0x03: Type(message, claim); break;
            case 0x04 or 0x05: message.FillValue(isOld: type == 0x04); break;
            case 0x06: if (message.LinkedOrNull() is { } linked) Header(linked); break;
            case 0x08: claim.Stored = Stored(message.Layout()); break;
            case 0x0B: message.Filters(); break;
            case 0x0C: message.Attribute(); break;
            case 0x10: Continuation(_content.UInt64(), _content.UInt64(), isFirstVersion, hasOrder, claim); break;
            case 0x11: Group(_content.UInt64(), _content.UInt64()); break;
            default: break; // holds no length that anything is allocated by
        }
    }

    void Type(Hdf5Message message, Claim claim)
    {
        var at = _content.Position;
        claim.TypeBytes = message.TypeBytes(out var isSequence);
        if (isSequence) _sequences.Add(at);
    }

    void Continuation(ulong address, ulong length, bool isFirstVersion, bool hasOrder, Claim claim)
    {
        if (!IsNew(address)) throw _content.Wrong("a header continues where it has been");
        _content.MoveTo(address, "a continued header");
        _content.End(length, "a continued header");
        if (isFirstVersion) Messages(length, isFirstVersion, hasOrder, claim);
        else
        {
            if (length < 8) throw _content.Wrong($"a continued header claims {length} bytes");
            _content.Expect("OCHK"u8, "a continued header");
            Messages(length - 8, isFirstVersion, hasOrder, claim);
        }
    }

    void Group(ulong tree, ulong heap)
    {
        if (tree == Undefined || !IsNew(tree)) return;
        _content.MoveTo(heap, "the names of a group");
        _content.Expect("HEAP"u8, "the names of a group");
        _content.Skip(4);
        var names = _content.UInt64();
        _content.Skip(Wide);
        _content.MoveTo(_content.UInt64(), "the names of a group");
        _content.End(names, "the names of a group");
        foreach (var node in Leaves(tree, type: 0, keyBytes: Wide, mostLevel: byte.MaxValue, _ => { })) SymbolNode(node, names);
    }

    void SymbolNode(ulong address, ulong names)
    {
        _content.MoveTo(address, "the members of a group");
        _content.Expect("SNOD"u8, "the members of a group");
        _content.Skip(2);
        var members = new List<(ulong Header, ulong Tree, ulong Heap)>();
        for (var left = _content.UInt16(); left > 0; left--)
        {
            if (_content.UInt64() >= names) throw _content.Wrong("a member of a group has no name");
            var (header, cache) = (_content.UInt64(), _content.UInt32());
            _content.Skip(4);
            var (tree, heap) = (_content.UInt64(), _content.UInt64());
            members.Add(cache == 1 ? (header, tree, heap) : (header, Undefined, Undefined));
        }
        foreach (var (header, tree, heap) in members)
        {
            if (header == Undefined) continue; // a soft link
            Header(header);
            Group(tree, heap);
        }
    }

    /// <summary>Bytes that a dataset has once it is unpacked, its unwritten parts aside.</summary>
    UInt128 Stored(Hdf5Layout layout)
    {
        if (layout.Chunks is not { } chunks) return layout.Bytes;
        if (chunks.Index == Undefined) return 0;
        if (chunks.Kind == Hdf5ChunkIndex.Implicit) return (UInt128)_content.Length; // one after the other, not packed
        return UInt128.Min(chunks.Bytes * Count(chunks), (UInt128)_content.Length * Deflate.MostRatio);
    }

    /// <summary>Chunks that an index has; each takes at least one entry of it.</summary>
    ulong Count(Hdf5Chunks chunks)
    {
        if (chunks.Kind == Hdf5ChunkIndex.Single) return 1;
        if (chunks.Kind == Hdf5ChunkIndex.Tree) return Tree(chunks);
        _content.MoveTo(chunks.Index, "an index of chunks");
        var (bytes, count) = chunks.Kind switch
        {
            Hdf5ChunkIndex.FixedArray => Entries("FAHD"u8, skipped: 1),
            Hdf5ChunkIndex.ExtensibleArray => Entries("EAHD"u8, skipped: 5 + 4 * Wide), // the highest entry that was ever set
            _ => Records(),
        };
        if (bytes == 0 || count > (ulong)_content.Length / bytes)
            throw _content.Wrong($"an index of chunks claims {count} entries of {bytes} bytes, more than the file has");
        return count;
    }

    (uint Bytes, ulong Count) Entries(ReadOnlySpan<byte> signature, int skipped)
    {
        _content.Expect(signature, "an index of chunks");
        _content.Skip(2);
        var bytes = _content.Byte();
        _content.Skip(skipped);
        return (bytes, _content.UInt64());
    }

    /// <summary>A version 2 B-tree.</summary>
    (uint Bytes, ulong Count) Records()
    {
        _content.Expect("BTHD"u8, "an index of chunks");
        _content.Skip(6);
        var bytes = _content.UInt16();
        _content.Skip(4 + Wide + 2);
        return (bytes, _content.UInt64());
    }

    ulong Tree(Hdf5Chunks chunks) => (ulong)Leaves(chunks.Index, type: 1, keyBytes: 8 + Wide * chunks.Axes, byte.MaxValue, key =>
    {
        var packed = key.UInt32();
        if (packed > key.Length) throw key.Wrong($"a chunk claims {packed} bytes, more than the file has");
        if (chunks.Bytes > (UInt128)packed * Deflate.MostRatio)
            throw key.Wrong($"a chunk claims {chunks.Bytes} bytes, which its {packed} bytes cannot hold");
    }).Count;

    /// <summary>Addresses that the leaves of a version 1 B-tree point to; levels fall by one, so there are no circles.</summary>
    List<ulong> Leaves(ulong address, int type, int keyBytes, int mostLevel, Action<BinaryContent> check)
    {
        _content.MoveTo(address, "a tree");
        _content.Expect("TREE"u8, "a tree");
        var (kind, level, count) = (_content.Byte(), _content.Byte(), _content.UInt16());
        if (kind != type || level > mostLevel) throw _content.Wrong("a tree has a node of another kind");
        _content.Skip(2 * Wide);
        _content.End((ulong)count * (ulong)(keyBytes + Wide), "a tree");
        var children = new List<ulong>();
        for (var entry = 0; entry < count; entry++)
        {
            var next = _content.Position + keyBytes;
            check(_content);
            _content.MoveTo((ulong)next, "a tree");
            children.Add(_content.UInt64());
        }
        if (level == 0) return children;
        if (_seen.Count > MostObjects || children.Exists(child => !IsNew(child))) throw _content.Wrong("a tree meets itself");
        return [.. children.SelectMany(child => Leaves(child, type, keyBytes, level - 1, check))];
    }

    bool IsNew(ulong address)
    {
        if (_seen.Count > MostObjects) throw _content.Wrong($"it has more than {MostObjects} objects");
        return _seen.Add(address);
    }

    /// <summary>What the messages of one object say of its size.</summary>
    sealed class Claim
    {
        public UInt128 Elements { get; set; }
        public uint TypeBytes { get; set; }
        public UInt128 Stored { get; set; }
        public UInt128 Bytes => Elements * TypeBytes; // no overflow: 64 and 32 bits
    }
}
