using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Suites.Fisbe.Volumes;

/// <summary>The bounding box of a mask as bits with one empty voxel around it, so that a neighbourhood can be read without
/// bounds.</summary>
sealed class BitVolume
{
    readonly ulong[] _words;
    readonly VolumeShape _shape;
    readonly int _firstZ, _firstY, _firstX;

    public BitVolume(Mask mask, VolumeShape shape)
    {
        _shape = shape;
        var box = Box(mask, shape);
        (_firstZ, _firstY, _firstX) = (box.LowZ, box.LowY, box.LowX);
        // Bit 0 of every row stays empty: it borders the row's first voxel and the last voxel of the row before.
        RowWords = (box.HighX - box.LowX + 1 + 64) >> 6;
        SliceWords = checked(RowWords * (box.HighY - box.LowY + 3));
        // Two bytes are read at a time, so the last row needs a word behind it.
        _words = new ulong[checked(SliceWords * (box.HighZ - box.LowZ + 3) + 1)];
        if ((long)_words.Length << 6 > int.MaxValue)
            throw new HarnessException(
                $"An instance spans {box.HighZ - box.LowZ + 1}×{box.HighY - box.LowY + 1}×{box.HighX - box.LowX + 1} voxels; "
                + $"a skeleton is found in boxes of at most {int.MaxValue} voxels. Crop prediction and ground truth alike.");
        foreach (var (row, x, length) in Segments(mask, shape)) Fill(row.Z, row.Y, x, length);
    }

    public int RowWords { get; }
    public int SliceWords { get; }
    public Span<ulong> Words => _words;

    /// <summary>The voxel number of a bit.</summary>
    public int Voxel(int bit)
    {
        var word = bit >> 6;
        var (z, inSlice) = (word / SliceWords, word % SliceWords);
        var (y, inRow) = (inSlice / RowWords, inSlice % RowWords);
        return _shape.Number(_firstZ + z - 1, _firstY + y - 1, _firstX + (inRow << 6) + (bit & 63) - 1);
    }

    public void Clear(int bit) => _words[bit >> 6] &= ~(1UL << (bit & 63));

    /// <summary>The 27 voxels around a bit: bit 9·dz + 3·dy + dx of the result, offsets 0..2, the voxel itself at 13.</summary>
    public int Neighbourhood(int bit)
    {
        var bytes = MemoryMarshal.AsBytes(_words.AsSpan());
        var (row, slice) = (RowWords << 6, SliceWords << 6);
        return Plane(bytes, bit - slice, row) | Plane(bytes, bit, row) << 9 | Plane(bytes, bit + slice, row) << 18;
    }

    static int Plane(ReadOnlySpan<byte> bytes, int bit, int row) =>
        Triple(bytes, bit - row) | Triple(bytes, bit) << 3 | Triple(bytes, bit + row) << 6;

    static int Triple(ReadOnlySpan<byte> bytes, int bit) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[((bit - 1) >> 3)..]) >> ((bit - 1) & 7) & 7;

    void Fill(int z, int y, int x, int length)
    {
        var bit = (((z - _firstZ + 1) * SliceWords + (y - _firstY + 1) * RowWords) << 6) + x - _firstX + 1;
        for (var end = bit + length; bit < end;)
        {
            var count = Math.Min(64 - (bit & 63), end - bit);
            _words[bit >> 6] |= (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << (bit & 63);
            bit += count;
        }
    }

    // A run of voxel numbers may cross rows.
    static IEnumerable<((int Z, int Y) Row, int X, int Length)> Segments(Mask mask, VolumeShape shape)
    {
        for (var run = 0; run < mask.Runs; run++)
        {
            var (at, end) = mask.Run(run);
            while (at < end)
            {
                var (z, y, x) = shape.Position(at);
                var length = Math.Min(end - at, shape.Width - x);
                yield return ((z, y), x, length);
                at += length;
            }
        }
    }

    static (int LowZ, int HighZ, int LowY, int HighY, int LowX, int HighX) Box(Mask mask, VolumeShape shape)
    {
        var (lowZ, highZ, lowY, highY, lowX, highX) = (int.MaxValue, -1, int.MaxValue, -1, int.MaxValue, -1);
        foreach (var (row, x, length) in Segments(mask, shape))
        {
            (lowZ, highZ) = (Math.Min(lowZ, row.Z), Math.Max(highZ, row.Z));
            (lowY, highY) = (Math.Min(lowY, row.Y), Math.Max(highY, row.Y));
            (lowX, highX) = (Math.Min(lowX, x), Math.Max(highX, x + length - 1));
        }
        return (lowZ, highZ, lowY, highY, lowX, highX);
    }
}
