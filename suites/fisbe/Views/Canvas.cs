using Harness.Datasets.Formats;

namespace Suites.Fisbe.Views;

/// <summary>Red, green and blue of 8 bits, to be painted and stored as PNG.</summary>
sealed class Canvas(int height, int width)
{
    readonly byte[] _planes = new byte[3 * height * width];

    public int Height { get; } = height;
    public int Width { get; } = width;

    /// <summary>The brighter of what is there and of the colour, channel by channel, so that what overlaps mixes.</summary>
    public void Lighten(int y, int x, Colour colour)
    {
        Lighten(0, y, x, colour.Red);
        Lighten(1, y, x, colour.Green);
        Lighten(2, y, x, colour.Blue);
    }

    public Colour At(int y, int x) => new(Value(0, y, x), Value(1, y, x), Value(2, y, x));

    /// <summary>Paints another canvas over this one, each of its pixels as a square of <paramref name="zoom"/> pixels.</summary>
    public void Paste(Canvas other, int top, int left, int zoom)
    {
        for (var channel = 0; channel < 3; channel++)
            for (var y = 0; y < other.Height * zoom; y++)
                for (var x = 0; x < other.Width * zoom; x++)
                    _planes[(channel * Height + top + y) * Width + left + x] = other.Value(channel, y / zoom, x / zoom);
    }

    public void Fill(Colour colour)
    {
        _planes.AsSpan(0, Height * Width).Fill(colour.Red);
        _planes.AsSpan(Height * Width, Height * Width).Fill(colour.Green);
        _planes.AsSpan(2 * Height * Width).Fill(colour.Blue);
    }

    public byte[] Png() => new RasterImage(_planes, 3, Height, Width).EncodePng();

    byte Value(int channel, int y, int x) => _planes[(channel * Height + y) * Width + x];

    void Lighten(int channel, int y, int x, byte value)
    {
        ref var pixel = ref _planes[(channel * Height + y) * Width + x];
        pixel = Math.Max(pixel, value);
    }
}
