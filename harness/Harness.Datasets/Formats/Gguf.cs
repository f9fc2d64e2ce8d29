namespace Harness.Datasets.Formats;

/// <summary>A tensor that a GGUF file describes; its data lie at <paramref name="Offset"/> from the start of the data section.</summary>
/// <param name="Shape">Lengths of the axes, the fastest first.</param>
/// <param name="Type">Packing by its ggml name, e.g. <c>Q4_K</c>.</param>
public sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, string Type, long Offset, long Bytes)
{
    public long Elements => Shape.Aggregate(1L, (product, length) => product * length);
}

/// <summary>
/// Metadata and tensor descriptions of a GGUF file (ggml specification, versions 2 and 3); tensor data are not read. Lengths that the file
/// states are checked against its own length before anything is allocated.
/// </summary>
/// <param name="Metadata">Numbers, booleans, strings, and arrays of these, by key.</param>
/// <param name="DataStart">Byte at which the tensor data begin.</param>
public sealed record Gguf(uint Version, IReadOnlyDictionary<string, object> Metadata, IReadOnlyList<GgufTensor> Tensors, long DataStart)
{
    const uint Magic = 0x46554747;
    const ulong MostKeyBytes = 65_535;
    const ulong MostNameBytes = 1024;
    const uint MostAxes = 4;
    const uint DefaultAlignment = 32;
    const int LeastEntryBytes = 13;     // an empty key, its type, one byte
    const int LeastTensorBytes = 24;    // an empty name, no axes, type, offset

    /// <exception cref="DataFormatException">Not GGUF, damaged, or a tensor lies outside the file.</exception>
    public static Gguf Read(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Read(stream, file.FullName);
    }

    /// <param name="stream">Of known length.</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not GGUF, damaged, or a tensor lies outside the file.</exception>
    public static Gguf Read(Stream stream, string name)
    {
        var content = new BinaryContent(stream, name);
        if (content.Left < 24 || content.UInt32() != Magic) throw new DataFormatException(name, "it does not begin as GGUF");
        var version = content.UInt32();
        if (version is < 2 or > 3) throw new DataFormatException(name, $"its version is {version}; read are 2 and 3");
        var (tensors, entries) = (content.UInt64(), content.UInt64());
        var metadata = new Dictionary<string, object>();
        for (var i = content.Count(entries, LeastEntryBytes, "the metadata"); i > 0; i--)
        {
            var key = Text(content, MostKeyBytes, "a key");
            if (!metadata.TryAdd(key, GgufValue.Read(content))) throw content.Wrong($"the key '{Short(key)}' occurs twice");
        }
        var described = new List<GgufTensor>();
        for (var i = content.Count(tensors, LeastTensorBytes, "the tensor list"); i > 0; i--) described.Add(Tensor(content));
        return Checked(new(version, metadata, described, Align(content, metadata)), stream.Length, content);
    }

    static GgufTensor Tensor(BinaryContent content)
    {
        var (name, axes) = (Text(content, MostNameBytes, "a tensor name"), content.UInt32());
        if (axes > MostAxes) throw content.Wrong($"tensor '{Short(name)}' has {axes} axes; allowed are {MostAxes}");
        var (shape, elements) = (new long[axes], (Int128)1);
        for (var axis = 0; axis < axes; axis++) elements *= shape[axis] = content.Int64() is >= 0 and var length ? length
            : throw content.Wrong($"tensor '{Short(name)}' has an axis that is too long");
        var type = GgufType.Of(content.UInt32()) ?? throw content.Wrong($"tensor '{Short(name)}' has an unknown type");
        var offset = content.UInt64();
        if (axes > 0 && shape[0] % type.BlockElements != 0)
            throw content.Wrong($"tensor '{Short(name)}' has rows of {shape[0]} elements, not a multiple of {type.BlockElements} as "
                + $"{type.Name} packs them");
        var bytes = elements / type.BlockElements * type.BlockBytes;
        if (elements > long.MaxValue || bytes > long.MaxValue
            || offset > long.MaxValue) throw content.Wrong($"tensor '{Short(name)}' is larger than any file");
        return new(name, shape, type.Name, (long)offset, (long)bytes);
    }

    static long Align(BinaryContent content, Dictionary<string, object> metadata)
    {
        var alignment = metadata.TryGetValue("general.alignment", out var value) ? value as uint? ?? 0 : DefaultAlignment;
        if (alignment is 0 or > 1 << 20
            || alignment % 8 != 0) throw content.Wrong($"its general.alignment is {value}; allowed are multiples of 8 up to 2^20");
        return (content.Position + alignment - 1) / alignment * alignment;
    }

    static Gguf Checked(Gguf file, long length, BinaryContent content)
    {
        var names = new HashSet<string>();
        foreach (var tensor in file.Tensors)
        {
            if (!names.Add(tensor.Name)) throw content.Wrong($"the tensor '{Short(tensor.Name)}' occurs twice");
            if (tensor.Offset > length - file.DataStart || tensor.Bytes > length - file.DataStart - tensor.Offset)
                throw content.Wrong($"the tensor '{Short(tensor.Name)}' of {tensor.Bytes:N0} bytes at {tensor.Offset:N0} lies outside "
                    + $"the file of {length:N0} bytes");
        }
        return file;
    }

    internal static string Text(BinaryContent content, ulong most, string what)
    {
        var length = content.UInt64();
        return length <= most ? content.Text(length, what) : throw content.Wrong($"{what} claims {length} bytes; allowed are {most}");
    }

    static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

/// <summary>Reads one typed value of GGUF metadata.</summary>
static class GgufValue
{
    const uint ArrayType = 9;
    const int MostDepth = 4;

    public static object Read(BinaryContent content) => Read(content, content.UInt32(), depth: 0);

    static object Read(BinaryContent content, uint type, int depth) => type switch
    {
        0 => content.Byte(),
        1 => (sbyte)content.Byte(),
        2 => content.UInt16(),
        3 => (short)content.UInt16(),
        4 => content.UInt32(),
        5 => content.Int32(),
        6 => content.Single(),
        7 => content.Byte() is <= 1 and var flag ? flag == 1 : throw content.Wrong("a boolean is neither 0 nor 1"),
        8 => Gguf.Text(content, ulong.MaxValue, "a text"),
        ArrayType => depth < MostDepth ? Array(content, depth) : throw content.Wrong($"arrays lie deeper than {MostDepth} in each other"),
        10 => content.UInt64(),
        11 => content.Int64(),
        12 => content.Double(),
        _ => throw content.Wrong($"a value has the type {type}; known are 0 to 12"),
    };

    static object[] Array(BinaryContent content, int depth)
    {
        var (type, length) = (content.UInt32(), content.UInt64());
        var values = new object[content.Count(length, LeastBytes(type), "an array")];
        for (var i = 0; i < values.Length; i++) values[i] = Read(content, type, depth + 1);
        return values;
    }

    static int LeastBytes(uint type) => type switch { 2 or 3 => 2, 4 or 5 or 6 => 4, 8 or 10 or 11 or 12 => 8, ArrayType => 12, _ => 1 };
}

/// <summary>A packing of ggml: how many elements a block has and how many bytes it takes (ggml.h, ggml-common.h).</summary>
sealed record GgufType(string Name, int BlockElements, int BlockBytes)
{
    static readonly Dictionary<uint, GgufType> Known = new()
    {
        [0] = new("F32", 1, 4), [1] = new("F16", 1, 2), [2] = new("Q4_0", 32, 18), [3] = new("Q4_1", 32, 20), [6] = new("Q5_0", 32, 22),
        [7] = new("Q5_1", 32, 24), [8] = new("Q8_0", 32, 34), [9] = new("Q8_1", 32, 36), [10] = new("Q2_K", 256, 84),
            [11] = new("Q3_K", 256, 110),
        [12] = new("Q4_K", 256, 144), [13] = new("Q5_K", 256, 176), [14] = new("Q6_K", 256, 210), [15] = new("Q8_K", 256, 292),
        [16] = new("IQ2_XXS", 256, 66), [17] = new("IQ2_XS", 256, 74), [18] = new("IQ3_XXS", 256, 98), [19] = new("IQ1_S", 256, 50),
        [20] = new("IQ4_NL", 32, 18), [21] = new("IQ3_S", 256, 110), [22] = new("IQ2_S", 256, 82), [23] = new("IQ4_XS", 256, 136),
        [24] = new("I8", 1, 1), [25] = new("I16", 1, 2), [26] = new("I32", 1, 4), [27] = new("I64", 1, 8), [28] = new("F64", 1, 8),
        [29] = new("IQ1_M", 256, 56), [30] = new("BF16", 1, 2), [34] = new("TQ1_0", 256, 54), [35] = new("TQ2_0", 256, 66),
            [39] = new("MXFP4", 32, 17),
    };

    public static GgufType? Of(uint number) => Known.GetValueOrDefault(number);
}
