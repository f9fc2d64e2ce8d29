using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Views;

/// <summary>
/// Maximum-intensity projections of a part of a volume: along z, and below it along y. A part of one slice is that slice.
/// </summary>
sealed class Panel
{
    const int Gap = 1;
    // Images are clipped here; the square root shows dim neurons beside bright ones.
    const float Brightest = 5;

    readonly Box _box;

    Panel(Box box)
    {
        _box = box;
        Canvas = new(box.Depth == 1 ? box.Height : box.Height + Gap + box.Depth, box.Width);
        if (box.Depth == 1) return;
        for (var x = 0; x < box.Width; x++) Canvas.Lighten(box.Height, x, Colour.Gap);
    }

    public Canvas Canvas { get; }

    public static Canvas Of(Image image, Box box)
    {
        var panel = new Panel(box);
        for (var z = box.Z; z < box.Z + box.Depth; z++)
            for (var y = box.Y; y < box.Y + box.Height; y++)
                for (var x = box.X; x < box.X + box.Width; x++)
                {
                    var voxel = image.Shape.Number(z, y, x);
                    byte Value(int channel) => channel >= image.Channels ? (byte)0
                        : (byte)(255 * MathF.Sqrt(Math.Clamp(image[channel, voxel] / Brightest, 0, 1)));
                    panel.Lighten(z, y, x, new(Value(0), Value(1), Value(2)));
                }
        return panel.Canvas;
    }

    public static Canvas Of(VolumeShape shape, IEnumerable<(Mask Mask, Colour Colour)> masks, Box box)
    {
        var panel = new Panel(box);
        foreach (var (mask, colour) in masks)
            foreach (var voxel in mask.Voxels())
                if (shape.Position(voxel) is var at && box.Contains(at.Z, at.Y, at.X)) panel.Lighten(at.Z, at.Y, at.X, colour);
        return panel.Canvas;
    }

    void Lighten(int z, int y, int x, Colour colour)
    {
        Canvas.Lighten(y - _box.Y, x - _box.X, colour);
        if (_box.Depth > 1) Canvas.Lighten(_box.Height + Gap + z - _box.Z, x - _box.X, colour);
    }
}
