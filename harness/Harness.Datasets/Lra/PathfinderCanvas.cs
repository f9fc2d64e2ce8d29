using System.Runtime.InteropServices;

namespace Harness.Datasets.Lra;

/// <summary>A pixel, row first.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Pixel(int Row, int Column)
{
    /// <summary>
    /// The pixel at a distance in a direction (radians, rows grow downwards), rounded up as the published generator does.
    /// </summary>
    public Pixel Toward(double direction, double distance) =>
        new((int)Math.Ceiling(Row + distance * Math.Sin(direction)), (int)Math.Ceiling(Column + distance * Math.Cos(direction)));

    /// <summary>The nearest pixel at a distance in a direction.</summary>
    public Pixel Nearest(double direction, double distance) =>
        new((int)Math.Round(Row + distance * Math.Sin(direction)), (int)Math.Round(Column + distance * Math.Cos(direction)));
}

/// <summary>A small drawing: values 0..1 of a rectangle of pixels.</summary>
sealed class PathfinderPatch
{
    const int Subpixels = 4;

    PathfinderPatch(Pixel corner, int rows, int columns) =>
        (Corner, Rows, Columns, Values) = (corner, rows, columns, new float[Math.Max(0, rows) * Math.Max(0, columns)]);

    public Pixel Corner { get; }
    public int Rows { get; }
    public int Columns { get; }
    public float[] Values { get; }

    /// <summary>
    /// Everything within <paramref name="radius"/> of the line from start to end, anti-aliased by 4 × 4 subpixels, inside a square.
    /// </summary>
    public static PathfinderPatch Capsule(int side, Pixel start, Pixel end, double radius, float value = 1)
    {
        var reach = (int)Math.Ceiling(radius) + 1;
        var corner = new Pixel(Math.Max(0, Math.Min(start.Row, end.Row) - reach), Math.Max(0, Math.Min(start.Column, end.Column) - reach));
        var patch = new PathfinderPatch(corner, Math.Min(side - 1, Math.Max(start.Row, end.Row) + reach) - corner.Row + 1,
            Math.Min(side - 1, Math.Max(start.Column, end.Column) + reach) - corner.Column + 1);
        for (var row = 0; row < patch.Rows; row++)
            for (var column = 0; column < patch.Columns; column++)
                patch.Values[row * patch.Columns + column] =
                    value * Covered(corner.Row + row, corner.Column + column, start, end, radius) / (Subpixels * Subpixels);
        return patch;
    }

    static int Covered(int row, int column, Pixel start, Pixel end, double radius)
    {
        var (dy, dx) = (end.Row - start.Row, end.Column - start.Column);
        var (length, covered) = (dy * dy + dx * dx, 0);
        for (var i = 0; i < Subpixels; i++)
            for (var j = 0; j < Subpixels; j++)
            {
                var (y, x) = (row - 0.5 + (i + 0.5) / Subpixels - start.Row, column - 0.5 + (j + 0.5) / Subpixels - start.Column);
                var along = length == 0 ? 0 : Math.Clamp((y * dy + x * dx) / length, 0, 1);
                var (v, h) = (y - along * dy, x - along * dx);
                if (v * v + h * h <= radius * radius) covered++;
            }
        return covered;
    }
}

/// <summary>A square of values 0..1; what is drawn on it is the maximum of old and new.</summary>
sealed class PathfinderCanvas(int side)
{
    readonly float[] _values = new float[side * side];

    public float this[Pixel pixel] => _values[pixel.Row * side + pixel.Column];
    public ReadOnlySpan<float> Values => _values;

    public bool Holds(Pixel pixel) => (uint)pixel.Row < (uint)side && (uint)pixel.Column < (uint)side;

    public PathfinderCanvas Copy()
    {
        var copy = new PathfinderCanvas(side);
        _values.CopyTo(copy._values, 0);
        return copy;
    }

    public void Merge(PathfinderPatch patch)
    {
        for (var row = 0; row < patch.Rows; row++)
            for (var column = 0; column < patch.Columns; column++)
            {
                ref var cell = ref _values[(patch.Corner.Row + row) * side + patch.Corner.Column + column];
                cell = Math.Max(cell, patch.Values[row * patch.Columns + column]);
            }
    }

    /// <summary>Whether a drawing would clearly overlap what is there: somewhere their sum reaches 1.8.</summary>
    public bool Overlaps(PathfinderPatch patch)
    {
        for (var row = 0; row < patch.Rows; row++)
            for (var column = 0; column < patch.Columns; column++)
                if (patch.Values[row * patch.Columns + column]
                    + this[new(patch.Corner.Row + row, patch.Corner.Column + column)] >= 1.8f) return true;
        return false;
    }

    public void Frame(int width)
    {
        for (var row = 0; row < side; row++)
            for (var column = 0; column < side; column++)
                if (Math.Min(Math.Min(row, column), Math.Min(side - 1 - row, side - 1 - column)) < width) _values[row * side + column] = 1;
    }

    /// <summary>The largest value within <paramref name="radius"/> pixels.</summary>
    public float Largest(Pixel around, int radius)
    {
        var largest = 0f;
        for (var i = -radius; i <= radius; i++)
            for (var j = -radius; j <= radius; j++)
                if (i * i + j * j <= radius * radius && Holds(new(around.Row + i, around.Column + j)))
                    largest = Math.Max(largest, this[new(around.Row + i, around.Column + j)]);
        return largest;
    }
}
