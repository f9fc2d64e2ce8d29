using System.Buffers.Binary;
using System.Text;

namespace Harness.Datasets.Formats;

/// <summary>
/// Little-endian reads from a stream of known length. Every length that the content states is checked against what is left of the stream
/// before anything is allocated, so that memory is bounded by the file's own length.
/// </summary>
/// <param name="name">What messages call the content.</param>
sealed class BinaryContent(Stream stream, string name)
{
    readonly byte[] _word = new byte[8];

    public string Name => name;
    public long Position => stream.Position;
    public long Length => stream.Length;
    public long Left => stream.Length - stream.Position;

    public byte Byte() => Word(1)[0];
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Word(2));
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Word(4));
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Word(4));
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Word(8));
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Word(8));
    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Word(4));
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Word(8));

    /// <param name="what">What a message calls the part that is too long.</param>
    public byte[] Bytes(ulong count, string what)
    {
        var bytes = new byte[Count(count, 1, what)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public string Text(ulong count, string what) => Encoding.UTF8.GetString(Bytes(count, what));

    /// <summary><paramref name="count"/> as a length of items that take at least <paramref name="least"/> bytes each.</summary>
    public int Count(ulong count, int least, string what)
    {
        if (count > (ulong)(Left / least) || count > (ulong)Array.MaxLength)
            throw Wrong($"{what} claims {count} items of at least {least} bytes, but {Left} bytes are left");
        return (int)count;
    }

    /// <summary>A number of 1 to 8 bytes.</summary>
    public ulong Unsigned(int bytes)
    {
        var word = Word(bytes);
        var value = 0UL;
        for (var i = bytes - 1; i >= 0; i--) value = value << 8 | word[i];
        return value;
    }

    public void Skip(int bytes)
    {
        if (Left < bytes) throw Wrong($"{bytes} bytes are expected, but {Left} are left");
        stream.Position += bytes;
    }

    public void MoveTo(ulong position, string what)
    {
        if (position > (ulong)stream.Length) throw Wrong($"{what} lies at byte {position}, outside the {stream.Length:N0} bytes");
        stream.Position = (long)position;
    }

    /// <summary>Where a part ends that begins here.</summary>
    public long End(ulong length, string what) => length <= (ulong)Left ? Position + (long)length
        : throw Wrong($"{what} claims {length} bytes, but {Left} are left");

    public void Expect(ReadOnlySpan<byte> signature, string what)
    {
        if (Left < signature.Length || !Word(signature.Length).SequenceEqual(signature)) throw Wrong($"{what} does not begin as one");
    }

    public DataFormatException Wrong(string problem) => new(name, $"{problem} (at byte {Position})");

    ReadOnlySpan<byte> Word(int count) // at most 8
    {
        if (Left < count) throw Wrong($"{count} bytes are expected, but {Left} are left");
        stream.ReadExactly(_word, 0, count);
        return _word.AsSpan(0, count);
    }
}
