namespace Harness.Datasets.Formats.Zarr;

/// <summary>
/// BloscLZ, Blosc's descendant of FastLZ: a control byte below 32 announces that many literals plus one; a larger one a match of
/// (control / 32) + 2 bytes, longer with following bytes of 255, at a distance of 13 bits, or of 16 more behind the largest.
/// </summary>
static class BloscLz
{
    const int FarDistance = 8191;

    /// <exception cref="InvalidDataException">Damaged, or another length.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        var (at, filled, isFirst) = (0, 0, true);
        while (at < packed.Length)
        {
            int control = packed[at++];
            if (isFirst) (control, isFirst) = (control & 31, false);
            if (control < 32)
            {
                var count = control + 1;
                if (count > packed.Length - at
                    || count > plain.Length - filled) throw new InvalidDataException("a literal run ends outside");
                packed.Slice(at, count).CopyTo(plain[filled..]);
                (at, filled) = (at + count, filled + count);
                continue;
            }
            var length = (control >> 5) - 1;
            var distance = (control & 31) << 8;
            if (length == 6)
                for (var more = 255; more == 255; length += more) more = Next(packed, ref at);
            int low = Next(packed, ref at);
            distance += low;
            if (low == 255 && distance == FarDistance) distance = (Next(packed, ref at) << 8) + Next(packed, ref at) + FarDistance;
            Copy(plain, ref filled, distance + 1, length + 3);
        }
        if (filled != plain.Length) throw new InvalidDataException("the BloscLZ block is shorter");
    }

    static void Copy(Span<byte> plain, ref int filled, int distance, int length)
    {
        if (distance > filled || length > plain.Length - filled) throw new InvalidDataException("a match lies outside");
        for (var i = 0; i < length; i++, filled++) plain[filled] = plain[filled - distance];
    }

    static byte Next(ReadOnlySpan<byte> packed, ref int at) =>
        at < packed.Length ? packed[at++] : throw new InvalidDataException("it ends inside a match");
}
