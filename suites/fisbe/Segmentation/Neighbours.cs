using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Offsets between voxels, and what lies at them inside a volume.</summary>
static class Neighbours
{
    /// <summary>The 26 offsets to voxels that share at least a corner, in raster order.</summary>
    public static IReadOnlyList<(int Z, int Y, int X)> All { get; } = [.. Box(1).Where(offset => offset != (0, 0, 0))];

    /// <summary>All offsets of at most <paramref name="radius"/> along each axis, in raster order.</summary>
    public static IEnumerable<(int Z, int Y, int X)> Box(int radius) =>
        from z in Enumerable.Range(-radius, 2 * radius + 1)
        from y in Enumerable.Range(-radius, 2 * radius + 1)
        from x in Enumerable.Range(-radius, 2 * radius + 1)
        select (z, y, x);

    /// <summary>The voxel at an offset, or -1 outside of the volume.</summary>
    public static int At(VolumeShape shape, int voxel, (int Z, int Y, int X) offset)
    {
        var (z, y, x) = shape.Position(voxel);
        (z, y, x) = (z + offset.Z, y + offset.Y, x + offset.X);
        return (uint)z < (uint)shape.Depth && (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width ? shape.Number(z, y, x) : -1;
    }
}
