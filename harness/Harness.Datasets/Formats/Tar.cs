using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Harness.Datasets.Formats;

/// <summary>A file inside a tar archive. Its content can be read until the next file is asked for.</summary>
/// <param name="offset">Where its content begins in the plain archive.</param>
sealed class TarFile(string name, long length, long offset, TarContent archive)
{
    public string Name => name;
    public long Length => length;
    public long Offset => offset;

    /// <exception cref="DataFormatException">The archive ends before the content does.</exception>
    public byte[] Content()
    {
        archive.SkipTo(offset);
        var content = new byte[length];
        archive.Read(content);
        return content;
    }
}

/// <summary>
/// Lists the files of a plain tar archive as it passes by: ustar, the extended headers of pax (POSIX.1-2001), and the long names of GNU. A
/// reader of our own, because that of .NET takes as much memory as a damaged extended header asks for.
/// </summary>
static class Tar
{
    const int Block = 512;
    const long MostExtended = 1 << 20;

    /// <param name="name">What messages call the archive.</param>
    /// <exception cref="DataFormatException">It is not a tar archive, or is damaged.</exception>
    public static IEnumerable<TarFile> Files(Stream plain, string name)
    {
        var (archive, block) = (new TarContent(plain, name), new byte[Block]);
        var (longName, longLength) = ((string?)null, (long?)null);
        while (archive.TryRead(block) && block.AsSpan().ContainsAnyExcept((byte)0))
        {
            var header = TarHeader.Parse(block) ?? throw archive.Wrong("it is not a tar archive, or is damaged");
            var (start, length) = (archive.Position, longLength ?? header.Length);
            if (header.Kind is 'x' or 'L')
            {
                if (length > MostExtended)
                    throw archive.Wrong($"an extended header claims {length:N0} bytes; allowed are {MostExtended:N0}");
                var extended = new byte[length];
                archive.Read(extended);
                if (header.Kind == 'L') longName = Encoding.UTF8.GetString(extended).TrimEnd('\0');
                else (longName, longLength) = Pax(extended) ?? throw archive.Wrong("an extended header is damaged");
            }
            else
            {
                if (header.Kind is '0' or '7' or '\0') yield return new(longName ?? header.Name, length, start, archive);
                (longName, longLength) = (null, null);
            }
            if (length > long.MaxValue - start - Block) throw archive.Wrong($"a file claims {length:N0} bytes");
            archive.SkipTo(start + (length + Block - 1) / Block * Block);
        }
    }

    // Records of "length key=value\n", the length counting itself.
    static (string? Path, long? Size)? Pax(ReadOnlySpan<byte> records)
    {
        var (path, size) = ((string?)null, (long?)null);
        while (records.Length > 0)
        {
            var blank = records.IndexOf((byte)' ');
            if (blank < 1 || !int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= blank + 1 || length > records.Length || records[length - 1] != '\n') return null;
            var record = records[(blank + 1)..(length - 1)];
            records = records[length..];
            if (record.StartsWith("path="u8)) path = Encoding.UTF8.GetString(record[5..]);
            else if (record.StartsWith("size="u8))
                size = long.TryParse(record[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : -1;
            if (size < 0) return null;
        }
        return (path, size);
    }
}

/// <summary>The first block of an entry: octal numbers and texts that zeros end.</summary>
sealed record TarHeader(string Name, long Length, char Kind)
{
    const int Checksum = 148;

    /// <summary>Null where the checksum is wrong or the length is no number.</summary>
    public static TarHeader? Parse(ReadOnlySpan<byte> block)
    {
        var sum = 8L * ' ';
        for (var i = 0; i < block.Length; i++) sum += i is >= Checksum and < Checksum + 8 ? 0 : block[i];
        if (Octal(block.Slice(Checksum, 8)) != sum || Number(block.Slice(124, 12)) is not ({ } length and >= 0)) return null;
        var prefix = block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(block.Slice(345, 155)) : "";
        return new(prefix.Length > 0 ? $"{prefix}/{Text(block[..100])}" : Text(block[..100]), length, (char)block[156]);
    }

    // GNU writes numbers that octal digits cannot hold in binary, marked by the highest bit.
    static long? Number(ReadOnlySpan<byte> field) =>
        field[0] == 0x80 ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : Octal(field);

    static long? Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        var digits = field.Trim(" \0"u8);
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            value = value << 3 | (long)(digit - '0');
        }
        return value;
    }

    static string Text(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);
}

/// <summary>The bytes of a plain archive, read forwards; skipped by seeking where that is possible.</summary>
sealed class TarContent(Stream plain, string name)
{
    byte[]? _scratch;
    long _position;

    /// <summary>Bytes since the start of the archive.</summary>
    public long Position => plain.CanSeek ? plain.Position : _position;

    /// <summary>False where the archive ends here.</summary>
    public bool TryRead(Span<byte> target)
    {
        var count = Guarded(target);
        if (count != 0 && count < target.Length) throw Wrong("it ends inside a header");
        return count > 0;
    }

    public void Read(Span<byte> target)
    {
        if (Guarded(target) < target.Length) throw Wrong("it ends inside a file");
    }

    public void SkipTo(long position)
    {
        if (plain.CanSeek)
        {
            if (position > plain.Length) throw Wrong($"it ends inside a file, {position - plain.Length:N0} bytes early");
            plain.Position = position;
        }
        else
        {
            if (position < _position) throw new InvalidOperationException("The content has passed by: read it before the next file.");
            _scratch ??= new byte[1 << 16];
            while (_position < position) Read(_scratch.AsSpan(0, (int)Math.Min(_scratch.Length, position - _position)));
        }
    }

    public DataFormatException Wrong(string problem) => new(name, $"{problem} (at byte {Position})");

    int Guarded(Span<byte> target)
    {
        try
        {
            var count = plain.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            _position += count;
            return count;
        }
        catch (InvalidDataException error)
        {
            throw new DataFormatException(name, $"it cannot be unpacked ({error.Message})", error);
        }
    }
}
