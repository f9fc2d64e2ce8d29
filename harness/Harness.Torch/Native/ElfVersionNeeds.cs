using System.Buffers.Binary;
using System.Text;

namespace Harness.Torch.Native;

/// <summary>Symbol-version requirements of a 64-bit little-endian ELF file (section <c>.gnu.version_r</c>).</summary>
public static class ElfVersionNeeds
{
    const uint VersionNeedSection = 0x6ffffffe;
    const ushort Weak = 2;

    /// <summary>Marks every requirement of <paramref name="version"/> as weak (VER_FLG_WEAK): the loader only warns without it.</summary>
    /// <returns>How many requirements carry the name.</returns>
    /// <exception cref="InvalidDataException">The bytes are not such a file, or a table points outside of it.</exception>
    public static int Weaken(Span<byte> file, string version)
    {
        if (file.Length < 64 || !file[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new InvalidDataException("This is not a 64-bit little-endian ELF file.");
        var weakened = 0;
        try
        {
            var sections = BinaryPrimitives.ReadInt64LittleEndian(file[0x28..]);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3A..]);
            var count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]);
            for (var index = 0; index < count; index++)
            {
                var section = file.Slice(checked((int)(sections + index * size)), size);
                if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == VersionNeedSection)
                    weakened += WeakenTable(file, sections, size, section, Encoding.ASCII.GetBytes(version));
            }
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF section tables point outside the file.", error);
        }
        return weakened;
    }

    static int WeakenTable(Span<byte> file, long sections, int sectionSize, ReadOnlySpan<byte> section, ReadOnlySpan<byte> version)
    {
        var need = checked((int)BinaryPrimitives.ReadInt64LittleEndian(section[24..]));
        var link = BinaryPrimitives.ReadInt32LittleEndian(section[40..]);
        var needs = BinaryPrimitives.ReadInt32LittleEndian(section[44..]);
        var strings = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file[checked((int)(sections + link * sectionSize + 24))..]));
        var weakened = 0;
        for (var index = 0; index < needs; index++)
        {
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(file[(need + 2)..]);
            var entry = need + BinaryPrimitives.ReadInt32LittleEndian(file[(need + 8)..]);
            for (var number = 0; number < entries; number++)
            {
                var name = file[(strings + BinaryPrimitives.ReadInt32LittleEndian(file[(entry + 8)..]))..];
                if (name[..version.Length].SequenceEqual(version) && name[version.Length] == 0) weakened += Mark(file, entry);
                entry += BinaryPrimitives.ReadInt32LittleEndian(file[(entry + 12)..]);
            }
            need += BinaryPrimitives.ReadInt32LittleEndian(file[(need + 12)..]);
        }
        return weakened;
    }

    static int Mark(Span<byte> file, int entry)
    {
        var flags = file.Slice(entry + 4, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
        return 1;
    }
}
