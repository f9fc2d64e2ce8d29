using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>
/// The container of Blosc 1 (c-blosc README_HEADER): 16 bytes of header, the offset of each block, then blocks that are split by byte of
/// the element, packed one by one, and shuffled by byte or by bit. Inner formats lz4, zlib, zstd and blosclz.
/// </summary>
static class Blosc
{
    const int Header = 16;
    const int LeastSplit = 128;
    const int MostSplits = 16;

    /// <exception cref="InvalidDataException">Damaged, another length, or packed by snappy.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        if (packed.Length < Header) throw new InvalidDataException("it is shorter than a header");
        var (flags, typeSize) = (packed[2], Math.Max((int)packed[3], 1));
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed[4..]);
        var blockLength = BinaryPrimitives.ReadInt32LittleEndian(packed[8..]);
        if (length != plain.Length || BinaryPrimitives.ReadInt32LittleEndian(packed[12..]) != packed.Length)
            throw new InvalidDataException("its header states another length");
        if (length == 0) return;
        if ((flags & 0x02) != 0)
        {
            if (packed.Length != Header + length) throw new InvalidDataException("its copied content has another length");
            packed[Header..].CopyTo(plain);
            return;
        }
        if (blockLength < 1 || blockLength > length) throw new InvalidDataException("its block length is not possible");
        var count = (int)(((long)length + blockLength - 1) / blockLength);
        if (packed.Length < Header + 4L * count) throw new InvalidDataException("it is shorter than its block offsets");
        var scratch = new byte[blockLength];
        for (var block = 0; block < count; block++)
        {
            var target = plain.Slice(block * blockLength, Math.Min(blockLength, length - block * blockLength));
            var shuffled = (flags & 0x05) == 0 || typeSize == 1 && (flags & 0x04) == 0 ? target : scratch.AsSpan(0, target.Length);
            DecodeBlock(packed, BinaryPrimitives.ReadInt32LittleEndian(packed[(Header + 4 * block)..]), flags, typeSize, blockLength,
                shuffled);
            if (shuffled == target) continue;
            if ((flags & 0x04) != 0) UnshuffleBits(shuffled, target, typeSize);
            else UnshuffleBytes(shuffled, target, typeSize);
        }
    }

    static void DecodeBlock(ReadOnlySpan<byte> packed, int offset, byte flags, int typeSize, int blockLength, Span<byte> target)
    {
        var isWhole = target.Length == blockLength;
        var splits = (flags & 0x10) == 0 && typeSize <= MostSplits && blockLength / typeSize >= LeastSplit && isWhole ? typeSize : 1;
        var each = target.Length / splits;
        if (each * splits != target.Length) throw new InvalidDataException("a block does not divide into its elements");
        for (var split = 0; split < splits; split++)
        {
            if (offset < 0 || offset > packed.Length - 4) throw new InvalidDataException("a block begins outside");
            var length = BinaryPrimitives.ReadInt32LittleEndian(packed[offset..]);
            offset += 4;
            if (length < 0 || length > packed.Length - offset) throw new InvalidDataException("a block ends outside");
            var part = target.Slice(split * each, each);
            if (length == each) packed.Slice(offset, length).CopyTo(part);
            else Unpack(flags >> 5, packed.Slice(offset, length), part);
            offset += length;
        }
    }

    static void Unpack(int format, ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        switch (format)
        {
            case 0: BloscLz.Decode(packed, plain); break;
            case 1: ZarrCodec.Lz4Block(packed, plain); break;
            case 3: ZarrCodec.Inflate(packed.ToArray(), plain); break;
            case 4: ZarrCodec.ZstdBlock(packed, plain); break;
            default: throw new InvalidDataException(
                $"inner format {format} is not read; read are 0 (blosclz), 1 (lz4), 3 (zlib) and 4 (zstd)");
        }
    }

    static void UnshuffleBytes(ReadOnlySpan<byte> shuffled, Span<byte> plain, int typeSize)
    {
        var count = plain.Length / typeSize;
        if (typeSize == 2)
        {
            var words = 0;
            var low = shuffled[..count];
            var high = shuffled.Slice(count, count);
            foreach (ref var word in MemoryMarshal.Cast<byte, ushort>(plain[..(2 * count)]))
            {
                word = (ushort)(low[words] | high[words] << 8);
                words++;
            }
        }
        else
            for (var at = 0; at < typeSize; at++)
            {
                var source = shuffled.Slice(at * count, count);
                for (var i = 0; i < count; i++) plain[i * typeSize + at] = source[i];
            }
        shuffled[(count * typeSize)..].CopyTo(plain[(count * typeSize)..]);
    }

    // Bit b of byte k of element i lies at bit i % 8 of byte (8k + b) · count/8 + i/8; elements beyond a multiple of 8 are copied.
    static void UnshuffleBits(ReadOnlySpan<byte> shuffled, Span<byte> plain, int typeSize)
    {
        var count = plain.Length / typeSize & ~7;
        var row = count / 8;
        for (var bit = 0; bit < 8 * typeSize; bit++)
        {
            var source = shuffled.Slice(bit * row, row);
            for (var i = 0; i < count; i++)
            {
                ref var target = ref plain[i * typeSize + bit / 8];
                if (bit % 8 == 0) target = 0;
                target |= (byte)((source[i / 8] >> (i % 8) & 1) << (bit % 8));
            }
        }
        shuffled[(count * typeSize)..].CopyTo(plain[(count * typeSize)..]);
    }
}
