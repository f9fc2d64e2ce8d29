using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Harness.Datasets.Formats;

/// <summary>
/// Reads HDF5 by PureHDF. Types are taken from the file and converted, values that do not fit are errors, and whatever goes wrong inside
/// the library becomes a <see cref="DataFormatException"/> that names the file. A dataset is read only after its stated size was compared
/// with the length of the file.
/// </summary>
public sealed class Hdf5File : IDisposable
{
    // A box is read row by row, and a row passes through many chunks: all that it passes must stay, or each is unpacked once a row.
    const int CachedChunks = 8191;
    const ulong CachedBytes = 64 << 20;

    const int MostDepth = 16;
    const int MostObjects = 10_000;

    readonly NativeFile _file;
    readonly NativeFile _references;
    readonly long _length;
    readonly Hdf5Heaps _heaps;

    Hdf5File(Stream content, string name)
    {
        var sequences = Hdf5Structure.Check(content, name);
        _file = Native(content, name);
        _references = sequences.Count == 0 ? _file : Native(new Hdf5References(content, sequences), name);
        (_length, _heaps, Name) = (content.Length, new(content, name), name);
    }

    public string Name { get; }

    /// <exception cref="DataFormatException">Not HDF5, or damaged.</exception>
    public static Hdf5File Open(FileInfo file) => Open(file.OpenRead(), file.FullName);

    /// <param name="content">Seekable; closed with the file.</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not HDF5, or damaged.</exception>
    public static Hdf5File Open(Stream content, string name)
    {
        try
        {
            return new(content, name);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    static NativeFile Native(Stream content, string name)
    {
        content.Position = 0; // where the library begins
        return Guard(name, "the file", () => H5File.Open(content));
    }

    public void Dispose() => _file.Dispose();

    public bool Has(string path) => Guard(Name, path, () => _file.LinkExists(path));

    /// <summary>Paths of all datasets, e.g. <c>volumes/labels</c>.</summary>
    public IReadOnlyList<string> Datasets() => Guard(Name, "the list of datasets", () =>
    {
        var (paths, left) = (new List<string>(), MostObjects);
        AddBelow(_file, "", paths, depth: 0, ref left);
        return paths;
    });

    /// <summary>The type of the numbers of a dataset.</summary>
    /// <exception cref="DataFormatException">It does not hold numbers.</exception>
    public NumpyType Type(string path) => Guard(Name, path, () => Kind(Dataset(path).Type) switch
    {
        ('?', _) => throw NoNumbers(Dataset(path), Dataset(path).Type),
        var (kind, size) => new NumpyType(kind, size, BigEndian: false),
    });

    /// <summary>Lengths of the axes of a dataset.</summary>
    public int[] Shape(string path) =>
        Guard(Name, path, () => Array.ConvertAll(Dataset(path).Space.Dimensions, length => checked((int)length)));

    /// <summary>Lengths of a box that is cheap to read: the chunk of a dataset, or one slice where it is not chunked.</summary>
    public int[] Chunk(string path) => Guard(Name, path, () => Dataset(path).Layout is { Class: H5DataLayoutClass.Chunked } chunked
        ? Array.ConvertAll(chunked.Chunks, length => checked((int)length)) : [1, .. Shape(path)[1..]]);

    /// <summary>All numbers of a dataset in C order.</summary>
    public T[] Numbers<T>(string path) where T : INumberBase<T> => Guard(Name, path, () => Convert<T>(Dataset(path), selection: null));

    /// <summary>The numbers of a box, in C order.</summary>
    public T[] Numbers<T>(string path, ReadOnlySpan<int> offset, ReadOnlySpan<int> size) where T : INumberBase<T>
    {
        var (starts, blocks) = (Unsigned(offset), Unsigned(size));
        return Guard(Name, path, () => Convert<T>(Dataset(path), new HyperslabSelection(starts.Length, starts, blocks)));
    }

    /// <summary>
    /// Sequences of varying length: rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.
    /// </summary>
    public T[][] Sequences<T>(string path, int first, int count) where T : INumberBase<T> => Guard(Name, path, () =>
    {
        var dataset = Dataset(path);
        if (dataset.Type.Class != H5DataTypeClass.VariableLength || dataset.Type.VariableLength?.BaseType is not { } type)
            throw new DataFormatException(Name, $"{path} holds {dataset.Type.Class} values where sequences of varying length are expected");
        return ConvertSequences<T>(dataset, type, References(path, new HyperslabSelection((ulong)first, (ulong)count)));
    });

    /// <summary>All texts of a dataset in C order; one that the file leaves out is empty.</summary>
    public string[] Texts(string path) => Guard(Name, path, () =>
    {
        var dataset = Dataset(path);
        if (dataset.Type.Class == H5DataTypeClass.VariableLength)
            return Array.ConvertAll(_heaps.Read(References(path, selection: null), itemBytes: 1), UntilZero);
        return Array.ConvertAll(dataset.Space.Dimensions.Length == 0 ? [dataset.Read<string?>()] : dataset.Read<string?[]>(),
            text => text ?? "");
    });

    /// <summary>The one text of a dataset.</summary>
    public string Text(string path) => Texts(path) is [var text] ? text
        : throw new DataFormatException(Name, $"{path} holds {Texts(path).Length} texts where one is expected");

    /// <summary>Whether a dataset holds texts. Texts of varying length look like sequences of bytes, which are taken for texts.</summary>
    public bool HoldsText(string path) => Guard(Name, path, () => Dataset(path).Type is { Class: H5DataTypeClass.String }
        or { Class: H5DataTypeClass.VariableLength, VariableLength.BaseType.Size: 1 });

    /// <summary>Whether a dataset holds numbers, truth values among them.</summary>
    public bool HoldsNumbers(string path) => Guard(Name, path, () => Kind(Dataset(path).Type).Kind != '?');

    // Links may lead back to where they came from, so neither depth nor number is bounded by the file.
    void AddBelow(IH5Group group, string path, List<string> paths, int depth, ref int left)
    {
        if (depth > MostDepth) throw new DataFormatException(Name, $"its groups lie deeper than {MostDepth} in each other");
        foreach (var child in group.Children())
        {
            if (left-- == 0) throw new DataFormatException(Name, $"it has more than {MostObjects} groups and datasets");
            if (child is IH5Dataset) paths.Add(path + child.Name);
            else if (child is IH5Group inner) AddBelow(inner, $"{path}{child.Name}/", paths, depth + 1, ref left);
        }
    }

    IH5Dataset Dataset(string path)
    {
        if (!_file.LinkExists(path)) throw new DataFormatException(Name, $"it has no dataset {path}");
        var dataset = _file.Dataset(path);
        var values = 1UL;
        foreach (var length in dataset.Space.Dimensions) values = checked(values * length);
        if (checked(values * (ulong)dataset.Type.Size) > Deflate.MostRatio * (ulong)_length)
            throw new DataFormatException(Name, $"{path} claims {values:N0} values of {dataset.Type.Size} bytes, "
                + $"too many for a file of {_length:N0} bytes");
        return dataset;
    }

    T[] Convert<T>(IH5Dataset dataset, Selection? selection) where T : INumberBase<T> => Kind(dataset.Type) switch
    {
        ('f', 2) => As<Half, T>(dataset, selection), ('f', 4) => As<float, T>(dataset, selection), ('f', 8) =>
            As<double, T>(dataset, selection),
        ('i', 1) => As<sbyte, T>(dataset, selection), ('u', 1) => As<byte, T>(dataset, selection),
        ('i', 2) => As<short, T>(dataset, selection), ('u', 2) => As<ushort, T>(dataset, selection),
        ('i', 4) => As<int, T>(dataset, selection), ('u', 4) => As<uint, T>(dataset, selection),
        ('i', 8) => As<long, T>(dataset, selection), ('u', 8) => As<ulong, T>(dataset, selection),
        _ => throw NoNumbers(dataset, dataset.Type),
    };

    T[][] ConvertSequences<T>(IH5Dataset dataset, IH5DataType type, byte[] references) where T : INumberBase<T> => Kind(type) switch
    {
        ('f', 2) => AsMany<Half, T>(references), ('f', 4) => AsMany<float, T>(references), ('f', 8) =>
            AsMany<double, T>(references),
        ('i', 1) => AsMany<sbyte, T>(references), ('u', 1) => AsMany<byte, T>(references),
        ('i', 2) => AsMany<short, T>(references), ('u', 2) => AsMany<ushort, T>(references),
        ('i', 4) => AsMany<int, T>(references), ('u', 4) => AsMany<uint, T>(references),
        ('i', 8) => AsMany<long, T>(references), ('u', 8) => AsMany<ulong, T>(references),
        _ => throw NoNumbers(dataset, type),
    };

    static T[] As<TFile, T>(IH5Dataset dataset, Selection? selection) where TFile : unmanaged, INumberBase<TFile> where T
        : INumberBase<T> =>
        Same<TFile, T>(((NativeDataset)dataset).Read<TFile[]>(Access(), selection));

    T[][] AsMany<TFile, T>(byte[] references) where TFile : unmanaged, INumberBase<TFile> where T : INumberBase<T> =>
        Array.ConvertAll(_heaps.Read(references, Unsafe.SizeOf<TFile>()),
            bytes => Converted<TFile, T>(MemoryMarshal.Cast<byte, TFile>(bytes)));

    // An array of bytes is what the library takes for "as it is in the file".
    byte[] References(string path, Selection? selection)
    {
        var dataset = (NativeDataset)_references.Dataset(path);
        if (((IH5Dataset)dataset).Type.Class == H5DataTypeClass.VariableLength)
            throw new DataFormatException(Name, $"{path} holds sequences of varying length in a group whose members lie in a fractal heap, "
                + "which is not read; write the file in the oldest format (libver='earliest', track_order=False)");
        return dataset.Read<byte[]>(Access(), selection);
    }

    static string UntilZero(byte[] bytes) =>
        Encoding.UTF8.GetString(bytes.AsSpan(0, Array.IndexOf(bytes, (byte)0) is >= 0 and var zero ? zero : bytes.Length));

    static H5DatasetAccess Access() => new(ChunkCache: new SimpleReadingChunkCache(CachedChunks, CachedBytes));

    static T[] Same<TFile, T>(TFile[]? values) where TFile : INumberBase<TFile> where T : INumberBase<T> =>
        values as T[] ?? Converted<TFile, T>(values);

    static T[] Converted<TFile, T>(ReadOnlySpan<TFile> values) where TFile : INumberBase<TFile> where T : INumberBase<T>
    {
        var result = new T[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = T.CreateChecked(values[i]);
        return result;
    }

    static (char Kind, int Bytes) Kind(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FloatingPoint => ('f', type.Size),
        H5DataTypeClass.FixedPoint => (type.FixedPoint!.IsSigned ? 'i' : 'u', type.Size),
        // NumPy's truth values are written as an enumeration of whole numbers, FALSE = 0 and TRUE = 1.
        H5DataTypeClass.Enumerated when type.Enumeration?.BaseType is { Class: H5DataTypeClass.FixedPoint } numbers => Kind(numbers),
        _ => ('?', type.Size),
    };

    DataFormatException NoNumbers(IH5Dataset dataset, IH5DataType type) =>
        new(Name, $"{dataset.Name} holds {type.Class} of {type.Size} bytes where numbers are expected");

    static ulong[] Unsigned(ReadOnlySpan<int> values)
    {
        var result = new ulong[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = checked((ulong)values[i]);
        return result;
    }

    // The library reports damage by exceptions of many types, out-of-memory among them when a length in the file is forged.
    static T Guard<T>(string name, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not HarnessException)
        {
            throw new DataFormatException(name, $"{what} cannot be read as HDF5 ({error.Message})", error);
        }
    }
}
