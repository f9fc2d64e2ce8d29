using System.Runtime.InteropServices;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Views;

/// <summary>A part of a volume: its first voxel and its size.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Box(int Z, int Y, int X, int Depth, int Height, int Width)
{
    public static Box Whole(VolumeShape shape) => new(0, 0, 0, shape.Depth, shape.Height, shape.Width);

    public static Box Slice(VolumeShape shape, int z) => new(z, 0, 0, 1, shape.Height, shape.Width);

    /// <summary>The smallest part that holds the mask and <paramref name="margin"/> voxels around it.</summary>
    public static Box Around(Mask mask, VolumeShape shape, int margin)
    {
        int[] low = [shape.Depth, shape.Height, shape.Width], high = [0, 0, 0];
        foreach (var voxel in mask.Voxels())
        {
            var (z, y, x) = shape.Position(voxel);
            int[] at = [z, y, x];
            for (var axis = 0; axis < 3; axis++) (low[axis], high[axis]) = (Math.Min(low[axis], at[axis]), Math.Max(high[axis], at[axis]));
        }
        int[] lengths = [shape.Depth, shape.Height, shape.Width];
        for (var axis = 0; axis < 3; axis++)
            (low[axis], high[axis]) = (Math.Max(0, low[axis] - margin), Math.Min(lengths[axis] - 1, high[axis] + margin));
        return new(low[0], low[1], low[2], high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1);
    }

    public bool Contains(int z, int y, int x) =>
        z >= Z && z < Z + Depth && y >= Y && y < Y + Height && x >= X && x < X + Width;
}
