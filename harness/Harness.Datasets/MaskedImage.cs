using System.Numerics;

namespace Harness.Datasets;

/// <summary>An 8-bit image, axes [channel, row, column], and which of its pixels are foreground.</summary>
/// <param name="Mask">0 or 1, axes [row, column]; empty when withheld.</param>
public sealed record MaskedImage(ReadOnlyMemory<byte> Pixels, int Channels, int Height, int Width, ReadOnlyMemory<byte> Mask);

/// <summary>The pixels that were taken for foreground, eight a byte, the first in the lowest bit, row by row.</summary>
public sealed record MaskPrediction(ReadOnlyMemory<byte> Bits)
{
    public static MaskPrediction Of(ReadOnlySpan<bool> mask)
    {
        var bits = new byte[(mask.Length + 7) / 8];
        for (var pixel = 0; pixel < mask.Length; pixel++)
            if (mask[pixel]) bits[pixel / 8] |= (byte)(1 << pixel % 8);
        return new(bits);
    }

    public bool this[int pixel] => (Bits.Span[pixel / 8] >> pixel % 8 & 1) == 1;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var byteOfBits in Bits.Span) count += BitOperations.PopCount(byteOfBits);
            return count;
        }
    }
}
