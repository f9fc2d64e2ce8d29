using System.Buffers.Binary;

namespace Harness.Datasets.Formats;

/// <summary>
/// The IDX format of unsigned bytes (LeCun's MNIST page): big-endian magic 0x0000 08 rank, one length per axis, then the values.
/// </summary>
public sealed record Idx(IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Values)
{
    const byte UnsignedByte = 0x08;
    const int MostAxes = 4;
    const int LongestHeader = 4 + 4 * MostAxes;

    /// <summary>Reads a whole file, once its header agrees with its length: what a header merely claims takes no memory.</summary>
    /// <exception cref="DataFormatException">Not IDX of bytes with <paramref name="rank"/> axes, or its length is another.</exception>
    public static Idx Read(FileInfo file, int rank)
    {
        using var stream = file.OpenRead();
        var head = new byte[Math.Min(LongestHeader, stream.Length)];
        stream.ReadExactly(head);
        var shape = ReadShape(head, stream.Length, file.FullName, rank);
        var header = HeaderLength(rank);
        if (stream.Length - header > Array.MaxLength)
            throw new DataFormatException(file.FullName, $"its {stream.Length - header:N0} values are more than {Array.MaxLength:N0}");
        var values = new byte[stream.Length - header];
        stream.Position = header;
        stream.ReadExactly(values);
        return new(shape, values);
    }

    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">As for <see cref="Read"/>.</exception>
    public static Idx Parse(ReadOnlyMemory<byte> content, string name, int rank) =>
        new(ReadShape(content.Span, content.Length, name, rank), content[HeaderLength(rank)..]);

    static int HeaderLength(int rank) => 4 + 4 * rank;

    // head holds at least the header, where the content is long enough to have one.
    static int[] ReadShape(ReadOnlySpan<byte> head, long length, string name, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, MostAxes);
        if (length < 4) throw new DataFormatException(name, $"{length} bytes are too few for an IDX header");
        if (head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte)
            throw new DataFormatException(name,
                $"magic {Convert.ToHexString(head[..4])} is not IDX of unsigned bytes (000008 and the number of axes)");
        if (head[3] != rank) throw new DataFormatException(name, $"it has {head[3]} axes where {rank} are expected");
        var body = length - HeaderLength(rank);
        if (body < 0) throw new DataFormatException(name, $"{length} bytes are too few for a header of {HeaderLength(rank)}");
        var shape = new int[rank];
        UInt128 count = 1; // four axes of 31 bits
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + 4 * axis)..]);
            if (shape[axis] < 0) throw new DataFormatException(name, $"axis {axis} has the length {shape[axis]}");
            count *= (uint)shape[axis];
        }
        return count == (UInt128)body ? shape
            : throw new DataFormatException(name, $"its axes ask for {count} values, but {body} bytes follow the header");
    }
}
