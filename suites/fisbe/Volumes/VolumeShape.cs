using System.Runtime.InteropServices;

namespace Suites.Fisbe.Volumes;

/// <summary>The spatial size of a volume in voxels, axes [z, y, x]. A voxel's number is <c>(z·height + y)·width + x</c>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VolumeShape(int Depth, int Height, int Width)
{
    public long Voxels => (long)Depth * Height * Width;

    public int SliceVoxels => checked(Height * Width);

    public int Number(int z, int y, int x) => (z * Height + y) * Width + x;

    public (int Z, int Y, int X) Position(int voxel) => (voxel / (Height * Width), voxel / Width % Height, voxel % Width);

    /// <summary>True when every axis is at least as long as that of <paramref name="other"/>.</summary>
    public bool Covers(VolumeShape other) => Depth >= other.Depth && Height >= other.Height && Width >= other.Width;

    public override string ToString() => $"{Depth}×{Height}×{Width}";
}
