using System.Buffers.Binary;
using System.Text;
using Harness.Datasets;

namespace Harness.Fuzzing;

/// <summary>
/// Damages a valid content: a few changes of single bits, bytes, whole numbers of either byte order, pieces of text, lengths, and pieces
/// copied from elsewhere. The same draws give the same damage.
/// </summary>
static class Mutation
{
    const int MostChanges = 4;
    const int MostGrowth = 4096;

    /// <summary>Numbers at which lengths, counts and offsets go wrong.</summary>
    static readonly long[] Edges =
    [
        0, 1, -1, 2, 7, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 1 << 20, 1 << 24, 1 << 28, int.MaxValue, int.MinValue,
        uint.MaxValue, 1L << 33, 1L << 40, long.MaxValue, long.MinValue, long.MaxValue - 7,
    ];

    static readonly string[] Words =
    [
        "", " ", "\n", "\t", ",", ";", "\"", "'", "?", "%", "#", "{", "}", "[", "]", "(", ")", ":", "null", "-1", "0", "1e999", "-1e-999",
        "NaN", "inf", "99999999999999999999", "2147483648", "\0", "π", "@data", "../", "%n",
    ];

    /// <summary>A damaged content, made from one of the seeds.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> seeds, Chance chance)
    {
        var content = new List<byte>(seeds[chance.Below(seeds.Count)]);
        for (var change = 1 + chance.Below(MostChanges); change > 0; change--) Change(content, seeds, chance);
        return [.. content];
    }

    static void Change(List<byte> content, IReadOnlyList<byte[]> seeds, Chance chance)
    {
        var at = content.Count == 0 ? 0 : chance.Below(content.Count);
        switch (chance.Below(10))
        {
            case 0 or 1: Overwrite(content, at, [(byte)(content.Count == 0 ? 0 : content[at] ^ 1 << chance.Below(8))]); break;
            case 2: Overwrite(content, at, [(byte)chance.Below(256)]); break;
            case 3 or 4: Overwrite(content, at, Number(chance)); break;
            case 5: Overwrite(content, at, Encoding.UTF8.GetBytes(Words[chance.Below(Words.Length)])); break;
            case 6: content.InsertRange(at, Encoding.UTF8.GetBytes(Words[chance.Below(Words.Length)])); break;
            case 7: content.RemoveRange(at, Math.Min(1 + chance.Below(1 + chance.Below(256)), content.Count - at)); break;
            case 8: content.RemoveRange(at, content.Count - at); break;
            default: Splice(content, at, seeds[chance.Below(seeds.Count)], chance); break;
        }
    }

    static void Overwrite(List<byte> content, int at, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < content.Count; i++) content[at + i] = bytes[i];
    }

    static byte[] Number(Chance chance)
    {
        var (bytes, value) = (new byte[8], Edges[chance.Below(Edges.Length)]);
        var width = 1 << chance.Below(4);
        if (chance.Below(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else BinaryPrimitives.WriteInt64BigEndian(bytes, value << 8 * (8 - width));
        return bytes[..width];
    }

    static void Splice(List<byte> content, int at, byte[] other, Chance chance)
    {
        if (other.Length == 0) return;
        var from = chance.Below(other.Length);
        content.InsertRange(at, other.AsSpan(from, 1 + chance.Below(Math.Min(MostGrowth, other.Length - from))).ToArray());
    }
}
