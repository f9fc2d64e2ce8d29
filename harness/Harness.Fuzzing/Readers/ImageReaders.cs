using Harness.Datasets.Formats;
using SkiaSharp;

namespace Harness.Fuzzing.Readers;

static class ImageReaders
{
    public static byte[] GrayPng { get; } = new RasterImage(Ramp(32 * 32), 1, 32, 32).EncodePng();
    public static byte[] ColourPng { get; } = new RasterImage(Ramp(3 * 32 * 64), 3, 32, 64).EncodePng();
    public static byte[] Jpeg { get; } = EncodeJpeg();

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("png-gray", [GrayPng], content => RasterImage.Decode(content, channels: 1, "png")),
        new("png-colour", [ColourPng, GrayPng], content => RasterImage.Decode(content, channels: 3, "png")),
        new("jpeg", [Jpeg], content => RasterImage.Decode(content, channels: 3, "jpeg")),
    ];

    static byte[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7 + i / 32))];

    static byte[] EncodeJpeg()
    {
        var info = new SKImageInfo(32, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, Ramp(4 * 32 * 32));
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }
}
