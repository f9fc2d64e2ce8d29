using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Datasets.Formats;

/// <summary>
/// An element type as NumPy writes it, e.g. <c>&lt;u2</c>: byte order, kind (b, i, u or f) and size. NPY and Zarr v2 use it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NumpyType(char Kind, int Size, bool BigEndian)
{
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not a type of plain numbers.</exception>
    public static NumpyType Parse(string text, string name)
    {
        if (text.Length == 3 && text[0] is '<' or '>' or '|' or '=' && int.TryParse(text.AsSpan(2), CultureInfo.InvariantCulture,
            out var size)
            && (text[1], size) is ('b', 1) or ('i' or 'u', 1 or 2 or 4 or 8) or ('f', 2 or 4 or 8))
            return new(text[1], size, text[0] == '>' && size > 1);
        throw new DataFormatException(name,
            $"element type '{Short(text)}' is not read; allowed are b1, i and u of 1, 2, 4, 8 and f of 2, 4, 8 bytes");
    }

    /// <summary>The little-endian type of a .NET number.</summary>
    public static NumpyType Of<T>() where T : unmanaged => new(
        typeof(T) == typeof(bool) ? 'b' : typeof(T) == typeof(Half) || typeof(T) == typeof(float) || typeof(T) == typeof(double) ? 'f'
        : typeof(T) == typeof(byte) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong) ? 'u'
        : typeof(T) == typeof(sbyte) || typeof(T) == typeof(short) || typeof(T) == typeof(int) || typeof(T) == typeof(long) ? 'i'
        : throw new NotSupportedException($"{typeof(T)} is not a plain number."), Unsafe.SizeOf<T>(), BigEndian: false);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Size == 1 ? '|' : BigEndian ? '>' : '<')}{Kind}{Size}");

    /// <summary>Whether values of this type are a <typeparamref name="T"/>, whatever their byte order.</summary>
    public bool Is<T>() where T : unmanaged =>
        Of<T>() is var type && type.Size == Size && (type.Kind == Kind || Size == 1 && Kind is 'b' or 'u' && type.Kind is 'b' or 'u');

    /// <summary>Brings values into the byte order of this machine, in place.</summary>
    public void ToNative(Span<byte> values)
    {
        if (!BigEndian || Size == 1) return;
        if (Size == 2) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(values), MemoryMarshal.Cast<byte,
            ushort>(values));
        else if (Size == 4) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(values), MemoryMarshal.Cast<byte,
            uint>(values));
        else BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(values), MemoryMarshal.Cast<byte, ulong>(values));
    }

    /// <summary>Converts native values; a value that does not fit is an error.</summary>
    /// <exception cref="OverflowException">A value does not fit into <typeparamref name="T"/>.</exception>
    public T[] Convert<T>(ReadOnlySpan<byte> values) where T : INumberBase<T> => (Kind, Size) switch
    {
        ('f', 2) => From<Half, T>(values), ('f', 4) => From<float, T>(values), ('f', 8) => From<double, T>(values),
        ('i', 1) => From<sbyte, T>(values), ('i', 2) => From<short, T>(values), ('i', 4) => From<int, T>(values), ('i', 8) =>
            From<long, T>(values),
        ('u', 2) => From<ushort, T>(values), ('u', 4) => From<uint, T>(values), ('u', 8) => From<ulong, T>(values),
        _ => From<byte, T>(values),
    };

    static T[] From<TFile, T>(ReadOnlySpan<byte> values) where TFile : unmanaged, INumberBase<TFile> where T : INumberBase<T>
    {
        var source = MemoryMarshal.Cast<byte, TFile>(values);
        var result = new T[source.Length];
        for (var i = 0; i < result.Length; i++) result[i] = T.CreateChecked(source[i]);
        return result;
    }

    static string Short(string text) => text.Length <= 20 ? text : text[..20] + "…";
}
