using System.Runtime.InteropServices;
using SkiaSharp;

namespace Harness.Datasets.Formats;

/// <summary>
/// PNG and JPEG, decoded to 8 bits per channel without colour management, and encoded as PNG; pixels as [channel, row, column].
/// </summary>
public sealed record RasterImage(byte[] Pixels, int Channels, int Height, int Width)
{
    const long MostPixels = 1 << 26;
    const long MostPixelsPerByte = 8L * Deflate.MostRatio; // of PNG with one bit a pixel; JPEG needs two bits for 64 pixels

    /// <param name="channels">1 (gray) or 3 (red, green, blue).</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Neither PNG nor JPEG, damaged, too large, or coloured where gray is expected.</exception>
    public static RasterImage Decode(byte[] content, int channels, string name)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
            throw new DataFormatException(name, "it is neither PNG nor JPEG, or its header is damaged");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var most = Math.Min(MostPixels, MostPixelsPerByte * content.Length);
        if (width < 1 || height < 1 || (long)width * height > most)
            throw new DataFormatException(name,
                $"it is {width} × {height} pixels large; allowed in {content.Length:N0} bytes are {most:N0} pixels");
        if (channels == 1 && codec.Info.ColorType != SKColorType.Gray8)
            throw new DataFormatException(name, $"it holds {codec.Info.ColorType} where 8-bit gray is expected");
        var info = new SKImageInfo(width, height, channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = new byte[info.BytesSize];
        var result = Read(codec, info, pixels);
        if (result != SKCodecResult.Success) throw new DataFormatException(name, $"its pixels cannot be decoded ({result})");
        return new(channels == 1 ? pixels : Planes(pixels, width * height), channels, height, width);
    }

    /// <summary>The same pixels give the same bytes.</summary>
    public byte[] EncodePng()
    {
        var info = new SKImageInfo(Width, Height, Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var pixels = SKImage.FromPixelCopy(info, Channels == 1 ? Pixels : Interleaved(Pixels, Width * Height));
        using var map = pixels.PeekPixels();
        using var png = map.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 9));
        return png.ToArray();
    }

    static SKCodecResult Read(SKCodec codec, SKImageInfo info, byte[] pixels)
    {
        var pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            return codec.GetPixels(info, pinned.AddrOfPinnedObject());
        }
        finally
        {
            pinned.Free();
        }
    }

    static byte[] Interleaved(byte[] planes, int count)
    {
        var interleaved = new byte[4 * count];
        for (var i = 0; i < count; i++)
        {
            for (var channel = 0; channel < 3; channel++) interleaved[4 * i + channel] = planes[channel * count + i];
            interleaved[4 * i + 3] = byte.MaxValue;
        }
        return interleaved;
    }

    static byte[] Planes(byte[] interleaved, int count)
    {
        var planes = new byte[3 * count];
        for (var i = 0; i < count; i++)
            for (var channel = 0; channel < 3; channel++)
                planes[channel * count + i] = interleaved[4 * i + channel];
        return planes;
    }
}
