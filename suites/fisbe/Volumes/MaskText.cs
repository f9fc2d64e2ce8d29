namespace Suites.Fisbe.Volumes;

/// <summary>
/// A mask as text that fits into a table cell: Base64 of little-endian base-128 numbers, in turn the gap before a run and its length.
/// </summary>
public static class MaskText
{
    public static string Write(Mask mask)
    {
        var bytes = new List<byte>();
        var at = 0;
        for (var run = 0; run < mask.Runs; run++)
        {
            var (start, end) = mask.Run(run);
            Append(bytes, start - at);
            Append(bytes, end - start);
            at = end;
        }
        return Convert.ToBase64String([.. bytes]);
    }

    /// <exception cref="ArgumentException">No such text, or a voxel that the volume does not have.</exception>
    public static Mask Read(string text, VolumeShape shape)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) throw new ArgumentException($"A mask is not Base64: {Head(text)}.",
            nameof(text));
        var builder = new Mask.Builder();
        var (at, position) = (0L, 0);
        while (position < length)
        {
            var start = at + Number(bytes.AsSpan(0, length), ref position, text);
            at = start + Number(bytes.AsSpan(0, length), ref position, text);
            if (at > shape.Voxels || at == start)
                throw new ArgumentException($"A mask has the run {start} to {at}; runs hold voxels 0 to {shape.Voxels - 1}.", nameof(text));
            builder.Add((int)start, (int)(at - start));
        }
        return builder.Build();
    }

    static void Append(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    static long Number(ReadOnlySpan<byte> bytes, ref int position, string text)
    {
        var value = 0L;
        for (var shift = 0; shift < 35 && position < bytes.Length; shift += 7)
        {
            var next = bytes[position++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new ArgumentException($"A mask ends within a number: {Head(text)}.", nameof(text));
    }

    static string Head(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
