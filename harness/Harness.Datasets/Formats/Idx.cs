using System.Buffers.Binary;

namespace Harness.Datasets.Formats;

/// <summary>The IDX format of unsigned bytes (LeCun's MNIST page): big-endian magic 0x0000 08 rank, one length per axis, then the
/// values.</summary>
public sealed record Idx(IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Values)
{
    const byte UnsignedByte = 0x08;
    const int MostAxes = 4;

    /// <summary>Reads a whole file; memory is bounded by the file's own length.</summary>
    /// <exception cref="DataFormatException">Not IDX of bytes with <paramref name="rank"/> axes, or longer or shorter than its header
    /// says.</exception>
    public static Idx Read(FileInfo file, int rank) => Parse(File.ReadAllBytes(file.FullName), file.FullName, rank);

    /// <param name="name">What messages call the content.</param>
    public static Idx Parse(ReadOnlyMemory<byte> content, string name, int rank)
    {
        var bytes = content.Span;
        if (bytes.Length < 4) throw new DataFormatException(name, $"{bytes.Length} bytes are too few for an IDX header");
        if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != UnsignedByte)
            throw new DataFormatException(name,
                $"magic {Convert.ToHexString(bytes[..4])} is not IDX of unsigned bytes (000008 and the rank)");
        if (bytes[3] != rank || rank is < 1 or > MostAxes)
            throw new DataFormatException(name, $"it has {bytes[3]} axes where {rank} are expected");
        var header = 4 + 4 * rank;
        if (bytes.Length < header) throw new DataFormatException(name, $"{bytes.Length} bytes are too few for a header of {header}");
        var shape = new int[rank];
        var count = 1L;
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 + 4 * axis)..]);
            if (shape[axis] < 0) throw new DataFormatException(name, $"axis {axis} has the length {shape[axis]}");
            count = shape[axis] != 0 && count > bytes.Length / shape[axis] ? long.MaxValue : count * shape[axis];
            if (count == long.MaxValue) throw new DataFormatException(name,
                $"its axes ask for more values than its {bytes.Length - header} bytes");
        }
        if (count != bytes.Length - header)
            throw new DataFormatException(name, $"its axes ask for {count} values, but {bytes.Length - header} bytes follow the header");
        return new(shape, content[header..]);
    }
}
