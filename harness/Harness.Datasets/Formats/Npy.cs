using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Datasets.Formats;

/// <summary>
/// An array in NumPy's NPY format (versions 1 to 3): plain numbers of any byte order; arrays in Fortran order are turned into C order.
/// </summary>
public sealed partial record Npy(IReadOnlyList<int> Shape, NumpyType Type, ReadOnlyMemory<byte> Values)
{
    const int MostAxes = 16;
    const int MostHeaderBytes = 1 << 16;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="DataFormatException">Not NPY of plain numbers, or longer or shorter than its header says.</exception>
    public static Npy Read(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Read(stream, file.FullName);
    }

    /// <param name="stream">Of known length.</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not NPY of plain numbers, or longer or shorter than its header says.</exception>
    public static Npy Read(Stream stream, string name)
    {
        var content = new BinaryContent(stream, name);
        if (content.Left < 10 || !content.Bytes(6, "the magic").AsSpan().SequenceEqual(Magic)) throw new DataFormatException(name,
            "it does not begin as NPY");
        var (major, _) = (content.Byte(), content.Byte());
        if (major is < 1 or > 3) throw new DataFormatException(name, $"its version is {major}; read are 1 to 3");
        var length = major == 1 ? content.UInt16() : content.UInt32();
        if (length > MostHeaderBytes) throw content.Wrong($"its header claims {length} bytes; allowed are {MostHeaderBytes}");
        var header = content.Text(length, "the header");
        var type = NumpyType.Parse(Field(header, Description(), "descr", name), name);
        var shape = ShapeOf(Field(header, ShapeField(), "shape", name), name);
        var count = shape.Aggregate((Int128)1, (product, axis) => product * axis);
        if (count * type.Size != content.Left)
            throw new DataFormatException(name, $"its shape ({string.Join(", ", shape)}) of {type} asks for {count * type.Size} bytes, "
                + $"but {content.Left} follow the header");
        var values = content.Bytes((ulong)content.Left, "the values");
        type.ToNative(values);
        if (Field(header, Order(), "fortran_order", name) == "True") values = ToRowMajor(values, shape, type.Size);
        return new(shape, type with { BigEndian = false }, values);
    }

    /// <summary>All values as another type of number; a value that does not fit is an error.</summary>
    /// <exception cref="OverflowException">A value does not fit into <typeparamref name="T"/>.</exception>
    public T[] Numbers<T>() where T : INumberBase<T> => Type.Convert<T>(Values.Span);

    /// <summary>Writes an array in C order as version 1.</summary>
    public void Write(Stream target)
    {
        var shape = string.Join(", ", Shape.Select(length => length.ToString(CultureInfo.InvariantCulture)))
            + (Shape.Count == 1 ? "," : "");
        var header = $"{{'descr': '{Type}', 'fortran_order': False, 'shape': ({shape}), }}";
        header = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        target.Write(Magic);
        target.Write([1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        target.Write(Encoding.ASCII.GetBytes(header));
        target.Write(Values.Span);
    }

    static string Field(string header, Regex pattern, string field, string name) => pattern.Match(header) is { Success: true } match
        ? match.Groups[1].Value : throw new DataFormatException(name, $"its header has no readable {field}");

    static int[] ShapeOf(string text, string name)
    {
        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length > MostAxes) throw new DataFormatException(name, $"it has {words.Length} axes; allowed are {MostAxes}");
        return [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
            : throw new DataFormatException(name, $"its shape ({text}) is not a list of lengths"))];
    }

    static byte[] ToRowMajor(byte[] values, int[] shape, int size)
    {
        var (result, at) = (new byte[values.Length], new int[shape.Length]);
        for (var target = 0; target < values.Length; target += size)
        {
            var (source, stride) = (0L, 1L);
            for (var axis = 0; axis < shape.Length; axis++) (source, stride) = (source + at[axis] * stride, stride * shape[axis]);
            Array.Copy(values, source * size, result, target, size);
            for (var axis = shape.Length - 1; axis >= 0 && ++at[axis] == shape[axis]; axis--) at[axis] = 0;
        }
        return result;
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,20})'")] private static partial Regex Description();
    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")] private static partial Regex Order();
    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, ]*)\)")] private static partial Regex ShapeField();
}
