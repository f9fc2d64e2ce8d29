using Harness.Datasets;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>Shapes that the tests and the reference scripts (Reference/drawing.py) draw alike.</summary>
sealed class Drawing(ulong seed)
{
    readonly Chance chance = new(seed);

    public ulong Next() => chance.Next();

    public int Below(int limit) => chance.Below(limit);

    public bool[] Noise(VolumeShape shape, int percent) => [.. Enumerable.Range(0, (int)shape.Voxels).Select(_ => Below(100) < percent)];

    /// <summary>A ball drawn along a lattice walk that keeps its direction three times of four and slides along the border.</summary>
    public bool[] Walk(VolumeShape shape, int radius, int steps, (int Z, int Y, int X)? start = null)
    {
        var volume = new bool[shape.Voxels];
        var begin = start ?? (shape.Depth / 2, shape.Height / 2, shape.Width / 2);
        int[] at = [begin.Z, begin.Y, begin.X], lengths = [shape.Depth, shape.Height, shape.Width];
        var direction = 0;
        for (var step = 0; step < steps; step++)
        {
            Ball(volume, shape, at, radius);
            if (Below(4) == 0) direction = Below(6);
            var axis = direction / 2;
            at[axis] = Math.Clamp(at[axis] + (direction % 2 == 0 ? 1 : -1), 0, lengths[axis] - 1);
        }
        return volume;
    }

    static void Ball(bool[] volume, VolumeShape shape, int[] at, int radius)
    {
        for (var z = Math.Max(0, at[0] - radius); z <= Math.Min(shape.Depth - 1, at[0] + radius); z++)
            for (var y = Math.Max(0, at[1] - radius); y <= Math.Min(shape.Height - 1, at[1] + radius); y++)
                for (var x = Math.Max(0, at[2] - radius); x <= Math.Min(shape.Width - 1, at[2] + radius); x++)
                    if (Square(z - at[0]) + Square(y - at[1]) + Square(x - at[2]) <= radius * radius) volume[shape.Number(z, y, x)] = true;
    }

    static int Square(int value) => value * value;

    public static Mask MaskOf(bool[] volume) => Mask.Of(Enumerable.Range(0, volume.Length).Where(voxel => volume[voxel]));

    /// <summary>Half-open ranges z0, z1, y0, y1, x0, x1.</summary>
    public static bool[] Box(VolumeShape shape, params (int Z0, int Z1, int Y0, int Y1, int X0, int X1)[] ranges)
    {
        var volume = new bool[shape.Voxels];
        foreach (var (z0, z1, y0, y1, x0, x1) in ranges)
            for (var z = z0; z < z1; z++)
                for (var y = y0; y < y1; y++)
                    volume.AsSpan(shape.Number(z, y, x0), x1 - x0).Fill(true);
        return volume;
    }

    public static bool[] Either(bool[] one, bool[] other) => [.. one.Zip(other, (here, there) => here || there)];

    /// <summary>As numpy.roll along x: what leaves at the end of a row comes in at its start.</summary>
    public static T[] Roll<T>(T[] volume, int width, int by) =>
        [.. Enumerable.Range(0, volume.Length).Select(voxel => volume[voxel / width * width + (voxel % width + width - by) % width])];

    /// <summary>One channel for each mask, values 1, 2, …</summary>
    public static LabelArray Stack(VolumeShape shape, params bool[][] masks) => Labels(shape, masks, single: false, 1, 1);

    /// <summary>One channel for each mask, or one label map in which later masks lie on top.</summary>
    public static LabelArray Labels(VolumeShape shape, IReadOnlyList<bool[]> masks, bool single, int factor, int offset)
    {
        var labels = new int[shape.Voxels * (single ? 1 : masks.Count)];
        for (var index = 0; index < masks.Count; index++)
            for (var voxel = 0; voxel < shape.Voxels; voxel++)
                if (masks[index][voxel]) labels[(single ? 0 : index * shape.Voxels) + voxel] = index * factor + offset;
        return new("drawn", single ? 1 : masks.Count, shape, labels);
    }
}
